"""What was typed in letters as the sounds of a title: zhengce, zc, and 政ce with characters among them.

Letters that are whole syllables, two at least, are asked as sounds besides as letters. First letters alone may be
anything, as GDP is: they are asked as sounds only where no title holds the letters (``search.queries``).
"""

import re
from itertools import pairwise

from ..engine import Alternative, Need
from .parsing import Word

_SYLLABLES = frozenset(
    """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen
    ceng cha chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo ci cong
    cou cu cuan cui cun cuo da dai dan dang dao de deng di dian diao die ding diu dong dou du duan dui dun duo e
    ei en er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
    guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia
    jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai
    kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu long lou lu
    luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan
    nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan
    pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu
    quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha
    shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su
    suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan
    wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi
    yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen
    zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
    """.split()  # noqa: SIM905 (one word after the other reads better)
)
#: Typed and written otherwise in the tables.
_TYPED = {"lue": "lve", "nue": "nve"}
_LONGEST_SYLLABLE = 6
#: Letters of a word that are read as sounds, ways of cutting them, and first letters.
_MOST_LETTERS, _MOST_CUTS, _MOST_INITIALS = 40, 3, 8
_LETTERS = re.compile(r"[a-z]+")
_CHUNKS = re.compile(r"[a-z]+|[^a-z]+")


def sounding_ways(
    run: str, *, initials: bool = False, typing: bool = False
) -> list[tuple[Alternative, tuple[str, ...]]]:
    """Return what a title needs that sounds like a folded ``run``, each with the parts that its lines of sounds hold.

    ``initials``: read letters that are no syllables as first letters; ``typing``: the last syllable may be a beginning.
    """
    if len(run) < 2 or len(run) > _MOST_LETTERS or not _LETTERS.search(run):
        return []
    if not _LETTERS.fullmatch(run):
        mixed = _mixed(run)
        return [(mixed, tuple(_CHUNKS.findall(run)))] if mixed else []
    found: list[tuple[Alternative, tuple[str, ...]]] = [
        (_needs(cut), ("".join(cut),)) for cut in cuts(run) if len(cut) > 1
    ]
    if typing and not found:
        found = _begun(run)
    if initials and may_be_initials(run):
        size = min(len(run), 3)
        needs = [Need(f"~~{run[at : at + size]}") for at in range(len(run) - size + 1)]
        found.append((tuple(dict.fromkeys(needs)), (run,)))
    return found


def may_be_initials(run: str) -> bool:
    """Say whether a folded run may be first letters: a few letters that are no syllables."""
    return bool(2 <= len(run) <= _MOST_INITIALS and _LETTERS.fullmatch(run) and not cuts(run))


def words_of_initials(words: tuple[Word, ...]) -> list[Word]:
    """Return the words that may be first letters of something."""
    return [word for word in words if not word.quoted and len(word.runs) == 1 and may_be_initials(word.runs[0])]


def cuts(letters: str) -> list[tuple[str, ...]]:
    """Cut letters into whole syllables, in a few ways at most, the longest syllables first; [] when they are none."""
    from_here: dict[int, list[tuple[str, ...]]] = {len(letters): [()]}
    for start in range(len(letters) - 1, -1, -1):
        found: list[tuple[str, ...]] = []
        for end in range(min(len(letters), start + _LONGEST_SYLLABLE), start, -1):
            syllable = _TYPED.get(letters[start:end], letters[start:end])
            if syllable in _SYLLABLES:
                found += [(syllable, *rest) for rest in from_here[end]]
        from_here[start] = found[:_MOST_CUTS]
    return from_here[0]


def _needs(syllables: tuple[str, ...]) -> Alternative:
    return tuple(dict.fromkeys(Need(f"~{one}.{other}") for one, other in pairwise(syllables)))


def _begun(letters: str) -> list[tuple[Alternative, tuple[str, ...]]]:
    """Return the needs of syllables of which the last one has only begun."""
    for end in range(len(letters) - 1, max(0, len(letters) - _LONGEST_SYLLABLE), -1):
        if whole := cuts(letters[:end]):
            last = Need(f"~{whole[0][-1]}.{letters[end:]}", begins=True)
            return [((*_needs(whole[0]), last), (letters,))]
    return []


def _mixed(run: str) -> Alternative:
    """Return the needs of characters with letters among them, chunk by chunk; () when the letters are no sounds."""
    needs: list[Need] = []
    for chunk in _CHUNKS.findall(run):
        if not _LETTERS.fullmatch(chunk):
            if chunk.isascii():
                return ()
            pairs = [f"^{one}{other}" for one, other in pairwise(chunk)]
            needs += [Need(pair) for pair in pairs] or [Need(f"^{chunk}", begins=True)]
            continue
        whole = cuts(chunk)
        if not whole:
            return ()
        needs += [Need(f"~{whole[0][0]}")] if len(whole[0]) == 1 else _needs(whole[0])
    return tuple(dict.fromkeys(needs))
