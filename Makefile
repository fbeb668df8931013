# One command each; `make help` lists them. Every path is relative, so the project may lie anywhere and be moved.

PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

# One shell per recipe, and it ends at the first error.
.ONESHELL:
SHELL := /bin/sh
.SHELLFLAGS := -ec
.DEFAULT_GOAL := help
# Verbs and servers start a fifth faster with the bytecode of the product kept, also where the surroundings forbid it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install install-test demo demo-reset stop test soak check messages bench

VENV_PYTHON := .venv/bin/python

# $(call prepare,LOCK FILE,KIND): make .venv hold exactly what the lock file says.
# A stamp named after the lock's digest makes the second time quick. An installation that was broken off may have
# left half a package which pip takes for a whole one, so it starts over. A .pth line relative to site-packages
# stands for an editable installation, which would need a build tool that the lock file does not hold.
define prepare
command -v "$(PYTHON)" >/dev/null 2>&1 || {
    echo "没有找到 $(PYTHON)。请安装 Python 3.11 或更高版本，或用 make $@ PYTHON=/路径/python3 指定。" >&2; exit 1; }
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "需要 Python 3.11 或更高版本，现在的 $(PYTHON) 是 $$("$(PYTHON)" -V 2>&1)。可用 make $@ PYTHON=/路径/python3.11 指定。" >&2; exit 1; }
digest=$$("$(PYTHON)" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:16])' $(1))
if ! { [ -e ".venv/.$(2)-$$digest" ] && [ ! -e .venv/.unfinished ] && $(VENV_PYTHON) -c ''; } 2>/dev/null; then
    if [ -e .venv/.unfinished ] || ! $(VENV_PYTHON) -m pip --version >/dev/null 2>&1; then
        echo "正在创建虚拟环境 .venv ……"
        rm -rf .venv
        "$(PYTHON)" -m venv .venv || {
            rm -rf .venv
            echo "无法创建虚拟环境：请安装 Python 的 venv 模块（Debian 系统：apt-get install python3-venv）。" >&2; exit 1; }
    fi
    echo "正在安装 $(1) 中的软件包 ……"
    touch .venv/.unfinished
    $(VENV_PYTHON) -m pip install --quiet --require-hashes --requirement $(1)
    $(VENV_PYTHON) -c 'import os, pathlib, sysconfig; home = sysconfig.get_path("purelib"); up = os.path.relpath(".", home); pathlib.Path(home, "govplatform.pth").write_text(f"{up}\n{up}/platform\n")'
    rm -f .venv/.$(2)-*
    touch ".venv/.$(2)-$$digest"
    rm .venv/.unfinished
fi
endef

help: ## 列出全部命令
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do
	    printf '  make %-12s %s\n' "$$name" "$$text"
	done

install: ## 按锁定文件创建 .venv
	@$(call prepare,requirements.lock,runtime)

install-test: ## 同上，并包含测试与检查工具
	@$(call prepare,requirements-test.lock,test)

demo: ## 准备演示省并在 http://localhost:8000 提供服务（可用 PORT=端口 改变），Ctrl-C 结束
	@$(call prepare,requirements.lock,runtime)
	GOVPLATFORM_FOLLOW_PARENT=1 exec $(VENV_PYTHON) manage.py demo

demo-reset: ## 清空演示数据，重新开始
	@$(call prepare,requirements.lock,runtime)
	GOVPLATFORM_FOLLOW_PARENT=1 exec $(VENV_PYTHON) manage.py demo --reset

stop: ## 停止内置数据库（演示的和测试的）
	@if $(VENV_PYTHON) -c '' 2>/dev/null; then
	    for folder in var/test var/test/memory; do
	        if [ -e $$folder/pg ]; then PYTHONPATH=platform $(VENV_PYTHON) -m govplatform.embedded stop --var $$folder; fi
	    done
	    if [ -L var/test/memory ]; then rm -rf "$$(readlink -f var/test/memory)" var/test/memory; fi
	    PYTHONPATH=platform exec $(VENV_PYTHON) -m govplatform.embedded stop
	else
	    echo "还没有安装，没有需要停止的。"
	fi

test: ## 运行全部测试，进程比核多一个（ARGS=…：交给 pytest 的参数，'-n 0' 为单进程；REQUIRE_ALL=1：缺少浏览器也算失败）
	@$(call prepare,requirements-test.lock,test)
	$(if $(ARGS),,RUN_GOAL='2 核独占时 12 分钟以内') exec $(VENV_PYTHON) -m pytest -n auto --dist loadfile $(ARGS)

soak: ## 运行费时的测试（大规模、长时间），平时的测试不含这些（ARGS=…：交给 pytest 的参数）
	@$(call prepare,requirements-test.lock,test)
	exec $(VENV_PYTHON) -m pytest -m soak $(ARGS)

check: ## 快速检查：格式、类型、分层、缺失的迁移、单元测试
	@$(call prepare,requirements-test.lock,test)
	began=$$(date +%s)
	mkdir -p var
	$(VENV_PYTHON) -m mypy >var/mypy.txt 2>&1 &
	types=$$!
	trap 'kill $$types 2>/dev/null || true' EXIT
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command as main; main(prog_name="lint-imports")'
	DJANGO_SETTINGS_MODULE=govplatform.settings.test $(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(VENV_PYTHON) -m pytest -q -n auto --dist loadfile -m unit $$(grep -rl 'mark\.unit' tests --include='test_*.py')
	wait $$types || { cat var/mypy.txt; exit 1; }
	trap - EXIT
	cat var/mypy.txt
	echo "make check 用时 $$(($$(date +%s) - began)) 秒（目标：2 核独占时 60 秒以内）。"

messages: ## 更新英文词条（需要 gettext 工具），新词条须补上译文
	@$(call prepare,requirements-test.lock,test)
	PYTHONPATH=platform exec $(VENV_PYTHON) -m tests.structure.messages

bench: ## 运行性能对比，输出相对于通常做法的倍数
	@$(call prepare,requirements-test.lock,test)
	exec $(VENV_PYTHON) -m tests.bench
