package flow

import "testing"

func TestText(t *testing.T) {
	for _, test := range []struct{ name, contentType, body, want string }{
		{"utf-8", "text/plain; charset=utf-8", "é", "é"},
		{"latin-1 by default", "text/plain", "\xe9", "é"},
		{"no type", "", "caf\xc3\xa9", "cafÃ©"},
		{"json", "application/json", "\"é\"", "\"é\""},
		{"charset of json", "application/json; charset=latin-1", "\"\xe9\"", "\"é\""},
		{"quoted charset", `text/plain; CHARSET="UTF-8"`, "é", "é"},
		{"unknown charset", "text/plain; charset=nope", "é\xff", "é\xff"},
		{"wrong charset", "text/plain; charset=ascii", "é", "é"},
		{"upper case", "TEXT/HTML", "é", "é"},
		{"meta", "text/html", `<meta name=x><META CHARSET="Shift_JIS"><meta charset=utf-8>` + "\x93\xfa", `<meta name=x><META CHARSET="Shift_JIS"><meta charset=utf-8>日`},
		{"meta equiv", "text/html", `<meta http-equiv=Content-Type content="text/html; charset=windows-1251">` + "\xc6", `<meta http-equiv=Content-Type content="text/html; charset=windows-1251">Ж`},
		{"open meta", "text/html", "<meta charset=x é", "<meta charset=x é"},
		{"xml", "text/xml", `<?xml version="1.0" encoding='iso-8859-2'?>` + "\xb1", `<?xml version="1.0" encoding='iso-8859-2'?>ą`},
		{"bare xml", "text/xml", "é", "é"},
		{"css", "text/css", "@charset \"latin1\";\xe9", "@charset \"latin1\";é"},
		{"late rule", "text/css", " @charset \"latin1\";é", " @charset \"latin1\";é"},
		{"script", "text/javascript", "é", "é"},
		{"gbk", "text/plain; charset=GBK", "\xc4\xe3\x81\x30\x84\x36", "你¥"},
		{"big5", "text/plain; charset=big5", "\xa7\x41", "你"},
		{"euc-kr", "text/plain; charset=euc-kr", "\xb0\xa1", "가"},
		{"euc-jp", "text/plain; charset=EUC-JP", "\xc6\xfc", "日"},
		{"damaged gbk", "text/plain; charset=gbk", "\xc4\xff", "\xc4\xff"},
		{"utf-16 by mark", "text/plain; charset=utf-8", "\xff\xfeh\x00i\x00", "hi"},
		{"utf-16be by mark", "", "\xfe\xff\x00h\xd8\x3d\xde\x00", "h😀"},
		{"utf-16 without mark", "text/plain; charset=utf-16", "h\x00i\x00", "hi"},
		{"odd utf-16", "text/plain; charset=utf-16", "h\x00i", "h\x00i"},
		{"lone surrogate", "text/plain; charset=utf-16be", "\xd8\x3d\x00h", "\xd8\x3d\x00h"},
		{"utf-32", "", "\xff\xfe\x00\x00h\x00\x00\x00", "h"},
		{"utf-32 beyond", "text/plain; charset=utf-32be", "\xff\x00\x00\x00", "\xff\x00\x00\x00"},
		{"utf-8 mark", "text/plain", "\xef\xbb\xbfé", "é"},
		{"empty", "text/html", "", ""},
	} {
		if got := Text([]byte(test.body), test.contentType); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
