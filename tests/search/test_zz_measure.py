from pathlib import Path
from search.synonyms.written import read_lines
from search.synonyms.actions import import_synonyms
from search.models import SynonymGroup
from search.queries import search
from .judged.entered import enter_corpus
from .judged.judging import judged_queries, ndcg


def mean(corpus, file):
    qs = [q for q in judged_queries(file) if q.is_judged]
    out = []
    for q in qs:
        from .test_judged_words import worth

        f = dict(q.filters)
        try:
            from search.narrowing import Filters
            from govplatform.tenancy.queries import get_tenant

            site = get_tenant(f.pop("site")) if f.get("site") else None
            scope = f.pop("scope", "all")
            order = f.pop("order", "relevance")
            hits = search(
                q.text, site=site, scope=scope, order=order, filters=Filters(**{k: str(v) for k, v in f.items()})
            ).hits
        except Exception as e:
            print(q, e)
            continue
        out.append(ndcg(q, [corpus[h.id].key for h in hits]))
    return sum(out) / len(out), len(out)


def test_measure(db):
    corpus = enter_corpus()
    for name in (None, "var/old.list", "search/synonyms/lists/government.list"):
        SynonymGroup.objects.all().delete()
        if name:
            import_synonyms(*read_lines(Path(name).read_text()), acting_user=None)
        print("MEASURE", name, [mean(corpus, f) for f in ("queries.toml", "words.toml")])
