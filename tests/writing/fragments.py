"""What programs put on the clipboard, written the way each of them writes it: HTML, and RTF where pictures come so."""
# ruff: noqa: E501 - the lines are as long as those programs write them

import base64
import io

from PIL import Image


def picture(colour: str, size: tuple[int, int] = (40, 30), form: str = "PNG") -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


RED, GREEN, BLUE = picture("red"), picture("green"), picture("blue", form="JPEG")

_LIST = "margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level{level} lfo1"
_NUMBER = """<![if !supportLists]><span lang=EN-US style='font-size:16.0pt;mso-fareast-font-family:仿宋'><span
style='mso-list:Ignore'>{number}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"""
_BULLET = """<![if !supportLists]><span lang=EN-US style='font-family:Wingdings;mso-fareast-font-family:Wingdings'><span
style='mso-list:Ignore'>l<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><![endif]>"""
_PICTURE = """<p class=MsoNormal><span lang=EN-US style='mso-no-proof:yes'><!--[if gte vml 1]><v:shape id="图片_x0020_{n}"
 type="#_x0000_t75" style='width:30pt;height:22.5pt'><v:imagedata src="file:///C:/Users/zhang/AppData/Local/Temp/msohtmlclip1/01/clip_image00{n}.png"
 o:title=""/></v:shape><![endif]--><![if !vml]><img width=40 height=30
src="file:///C:/Users/zhang/AppData/Local/Temp/msohtmlclip1/01/clip_image00{n}.png" {alt} v:shapes="图片_x0020_{n}"><![endif]><o:p></o:p></span></p>"""

WORD = f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {{margin:0cm; font-size:10.5pt;}} @page WordSection1 {{size:595.3pt 841.9pt;}} --></style>
</head><body lang=ZH-CN style='tab-interval:21.0pt'>
<!--StartFragment-->
<h1><span lang=EN-US>2026</span>年绿化工作安排<span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:32.0pt'><b>各区</b>绿化办公室要在<span lang=EN-US>4</span>月底前<a
href="https://www.gov.example/plan">报送计划</a>，树种以乡土树种为主。<span lang=EN-US><o:p></o:p></span></p>
<p class=MsoListParagraph style='{_LIST.format(level=1)}'>{_NUMBER.format(number="1.")}选定地块，清理杂物。<o:p></o:p></p>
<p class=MsoListParagraph style='{_LIST.format(level=1)}'>{_NUMBER.format(number="2.")}栽植以后浇足定根水。<o:p></o:p></p>
<p class=MsoListParagraph style='{_LIST.format(level=1)}'>{_BULLET}苗木</p>
<p class=MsoListParagraph style='{_LIST.format(level=2)}'>{_BULLET}国槐</p>
<p class=MsoListParagraph style='{_LIST.format(level=1)}'>{_BULLET}工具</p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
  <td width=184 rowspan=2 valign=top><p class=MsoNormal><b>区名<span lang=EN-US><o:p></o:p></span></b></p></td>
  <td width=369 colspan=2 valign=top><p class=MsoNormal align=center><b>任务（株）<o:p></o:p></b></p></td></tr>
 <tr style='mso-yfti-irow:1'>
  <td width=184><p class=MsoNormal>上半年</p></td><td width=184><p class=MsoNormal>下半年</p></td></tr>
 <tr style='mso-yfti-irow:2;mso-yfti-lastrow:yes'>
  <td width=184><p class=MsoNormal>东城区</p></td><td width=184><p class=MsoNormal align=right><span lang=EN-US>1200</span></p></td>
  <td width=184><p class=MsoNormal align=right><span lang=EN-US>800</span></p></td></tr>
</table>
{_PICTURE.format(n=1, alt='alt="栽植现场"')}
<p class=MsoNormal>两幅图之间的文字。</p>
{_PICTURE.format(n=2, alt="")}
{_PICTURE.format(n=3, alt="")}
<p class=MsoNormal>以上请遵照执行。</p>
<!--EndFragment-->
</body></html>"""


def _pict(data: bytes, kind: str) -> str:
    digits = data.hex()
    wrapped = "\r\n".join(digits[at : at + 128] for at in range(0, len(digits), 128))
    return (
        r"{\pict{\*\picprop\shplid1025{\sp{\sn shapeType}{\sv 75}}{\sp{\sn wzName}{\sv \'cd\'bc \{1\}}}}"
        r"\picscalex100\picscaley100\piccropl0\picw1058\pich794\picwgoal600\pichgoal450\KIND\bliptag-1"
        r"{\*\blipuid 8a1f2c4de0b94b7f9a3d}"
    ).replace("KIND", kind) + f"{wrapped}}}"


def word_rtf(*pictures: bytes) -> str:
    """Return the RTF that Word puts beside its HTML: each picture, and once more as a metafile for old readers."""
    body = ""
    for data in pictures:
        kind = "pngblip" if data.startswith(b"\x89PNG") else "jpegblip"
        body += r"\pard\plain \ltrpar{\*\shppict " + _pict(data, kind) + "}"
        body += r"{\nonshppict {\pict\picw1058\pich794\picwgoal600\pichgoal450\wmetafile8 0100090000032a00000000}}"
        body += r"\par \'d2\'d4\'c9\'cf \u35831?\u36981? \par "
    return (
        r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}"
        r"{\*\listtable{\*\listpicture{\pict\pngblip 89504e470d0a1a0a00}}{\list\listid1}}"
        r"{\header {\pict\picw10\pich10\pngblip 89504e470d0a1a0a01}}"
        r"{\info{\author zhang \{x\}}}"
    ) + f"{body}}}"


WPS = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8" ><meta name=ProgId content=Word.Document >
<meta name=Generator content="Microsoft Word 14" ><title></title>
<style>@font-face{font-family:"仿宋_GB2312";} p.MsoNormal{mso-style-name:正文;margin:0pt;text-align:justify;}</style></head>
<body style="tab-interval:21pt;text-justify-trim:punctuation;" ><!--StartFragment--><div class="Section0" style="layout-grid:15.6000pt;" >
<p class=MsoNormal style="text-indent:32.0000pt;mso-char-indent-count:2.0000;" ><span style="font-family:黑体;font-size:16.0000pt;" ><font face="黑体" >一、总体要求</font></span><o:p></o:p></p>
<p class=MsoNormal style="text-indent:32.0000pt;" ><span style="font-family:仿宋_GB2312;" >坚持便民利民，</span><b><span>全程</span></b><span>公开办理结果。</span><o:p></o:p></p>
<p class=MsoNormal style="mso-list:l0 level1 lfo1;" ><![if !supportLists]><span style="mso-spacerun:'yes';" ><span style='mso-list:Ignore;' >（一）<span>&nbsp;</span></span></span><![endif]><span>受理申请，当场出具回执，材料不全的一次告知。</span><o:p></o:p></p>
<table class=MsoNormalTable border=1 cellspacing=0 style="border-collapse:collapse;" ><tr><td width=142 valign=top ><p class=MsoNormal ><span>事项</span></p></td><td width=142 ><p class=MsoNormal ><span>时限</span></p></td></tr><tr><td rowspan=2 ><p class=MsoNormal >变更登记</p></td><td ><p class=MsoNormal >3日</p></td></tr><tr><td ><p class=MsoNormal >5日</p></td></tr></table>
<p class=MsoNormal ><img width="40" height="30" src="file:///C:\\Users\\LI\\AppData\\Local\\Temp\\ksohtml11204\\wps1.jpg" ><span>图后文字。</span><o:p></o:p></p>
</div><!--EndFragment--></body></html>"""

EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Excel.Sheet>
<meta name=Generator content="Microsoft Excel 15"><link id=Main-File rel=Main-File href="file:///C:/Users/zhang/clip.htm">
<style><!--table {mso-displayed-decimal-separator:"\\.";} td {padding-top:1px; mso-ignore:padding; color:black; font-size:11.0pt; white-space:nowrap;}
.xl65 {border:.5pt solid windowtext; font-weight:700;} .xl66 {text-align:right;} ruby {ruby-align:left;} rt {display:none; mso-char-type:none;}--></style></head>
<body link="#0563C1" vlink="#954F72">
<table border=0 cellpadding=0 cellspacing=0 width=216 style='border-collapse:collapse;width:162pt'>
<!--StartFragment-->
 <col width=72 span=3 style='width:54pt'>
 <tr height=19><td colspan=2 rowspan=2 height=38 class=xl65 width=144>项目<ruby><font class="font5"><rt class=font5></rt></font></ruby></td><td class=xl65 width=72>金额<span style='mso-spacerun:yes'>&nbsp;</span></td></tr>
 <tr height=19><td class=xl65>（万元）</td></tr>
 <tr height=19><td class=xl65>教育</td><td class=xl65>合计</td><td class=xl66 align=right x:num="12345.6">12,345.60</td></tr>
 <tr height=19><td class=xl65>卫生</td><td class=xl65>合计</td><td class=xl66 align=right>-860.00</td></tr>
<!--EndFragment-->
</table></body></html>"""

CHROME = f"""<meta charset='utf-8'><h2 style="color: rgb(0, 0, 0); font-style: normal; white-space: normal;">办事指南</h2><p style="margin: 0px; color: rgb(51, 51, 51); text-indent: 2em;">请在<strong>工作日</strong>到<a href="https://hall.gov.example/" style="color: rgb(0, 82, 217);">政务大厅</a>办理。</p><ol style="padding-left: 40px;"><li>取号</li><li>提交材料</li></ol><ul><li>身份证<ul><li>原件</li></ul></li></ul><table style="border-collapse: collapse;"><thead><tr><th>窗口</th><th>业务</th></tr></thead><tbody><tr><td>1</td><td>社保</td></tr><tr><td>2</td><td>医保</td></tr></tbody></table><p><img src="https://hall.gov.example/map.png" alt="大厅位置" width="600"></p><p><img src="data:image/png;base64,{base64.b64encode(GREEN).decode()}" alt="二维码"></p><script>alert(1)</script><p onclick="alert(2)">咨询电话见公告。<span class="Apple-converted-space"> </span></p>"""

WECHAT = """<meta charset='utf-8'><section data-tools="135编辑器" style="margin: 10px auto; font-size: 16px;"><section style="text-align: center;"><p style="font-size: 18px;"><strong>防汛提示</strong></p></section><section style="padding: 10px;"><p style="letter-spacing: 1px; line-height: 1.75;"><span style="font-size: 15px;">近期雨水偏多，</span><span style="font-size: 15px; color: rgb(255, 41, 65);">请勿涉水。</span></p><p><br></p><p style="text-align: center;"><img class="rich_pages wxw-img" data-src="https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png" src="https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png&amp;tp=webp" data-ratio="0.66" data-w="1080" style="width: 677px !important; height: auto !important;"></p></section><mp-common-profile class="js_uneditable" data-nickname="应急"></mp-common-profile></section>"""
