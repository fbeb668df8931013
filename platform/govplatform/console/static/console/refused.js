// Whoever was refused something begins to read at the reasons.
"use strict";
document.querySelector("[data-refused]")?.focus();
