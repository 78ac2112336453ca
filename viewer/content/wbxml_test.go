package content

import (
	"strings"
	"testing"

	"flowpane/viewer/session/corpus"
)

func TestWBXML(t *testing.T) {
	const (
		start   = "\x03\x01\x6a\x00"
		shownAs = "<?xml version=\"1.0\" ?>\n"
	)
	for _, test := range []struct{ name, in, want string }{
		{"nothing", start, shownAs},
		{"one", start + "\x05", shownAs + "<Sync/>\n"},
		{"empty", start + "\x45\x01", shownAs + "<Sync/>\n"},
		{"text", start + "\x45\x03a<&>\x00\x01", shownAs + "<Sync>a&lt;&amp;&gt;</Sync>\n"},
		{"opaque", start + "\x45\xc3\x03a<b\x01", shownAs + "<Sync><![CDATA[a<b]]></Sync>\n"},
		{"bytes", start + "\x45\xc3\x02\xff\x00\x01", shownAs + "<Sync><!-- 0xff00 --></Sync>\n"},
		{"entity", start + "\x45\x02\x81\x20\x01", shownAs + "<Sync>&#160;</Sync>\n"},
		{"mixed", start + "\x45\x03a\x00\x06\x03b\x00\x01", shownAs + "<Sync>\n    a\n    <Responses/>\n    b\n</Sync>\n"},
		{"not closed", start + "\x45\x46\x03a\x00", shownAs + "<Sync>\n    <Responses>a</Responses>\n</Sync>\n"},
		{"pages", start + "\x45\x00\x11\x4a\x05\x01\x00\x00\x06\x01",
			shownAs + "<Sync>\n    <Body>\n        <BodyPreference/>\n    </Body>\n    <Responses/>\n</Sync>\n"},
		{"unknown tags", start + "\x00\x03\x45\x00\xff\x3f", shownAs + "<UNKNOWN_TAG_3_5>\n    <UNKNOWN_TAG_255_3F/>\n</UNKNOWN_TAG_3_5>\n"},
		{"string table", "\x03\x00\x00\x6a\x07id\x00tag\x00\x44\x03\x83\x00\x01", shownAs + "<tag>id</tag>\n"},

		{"text at all", "foo", "[byte 3: the charset is not UTF-8]"},
		{"no charset", "\x03\x01", "[byte 2: the data ends too soon]"},
		{"end", start + "\x01", "[byte 5: an element ends that is not open]"},
		{"text outside", start + "\x03a\x00", "[byte 7: text outside of elements]"},
		{"open text", start + "\x45\x03a", "[byte 6: a string does not end]"},
		{"opaque cut off", start + "\x45\xc3\x05a", "[byte 7: the data ends too soon]"},
		{"beyond the table", start + "\x45\x83\x05", "[byte 7: a string does not end]"},
		{"attributes", start + "\xc5", "[byte 5: unknown token 0xc5]"},
		{"extension", start + "\x40", "[byte 5: unknown token 0x40]"},
		{"number", "\x03\x80\x80\x80\x80\x80\x00", "[byte 6: a number is too large]"},
		{"deep", start + strings.Repeat("\x45", maxDepth+1), "[nested too deeply]"},
	} {
		if got := shown(wbxmlView(), Metadata{}, test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestWBXMLTags looks at tags behind gaps, and at the last of each page.
func TestWBXMLTags(t *testing.T) {
	for _, test := range []struct {
		page, token byte
		want        string
	}{
		{0, 0x05, "Sync"}, {0, 0x29, "HeartbeatInterval"}, {1, 0x3e, "WeightedRank"}, {1, 0x2b, "MobilePhoneNumber"},
		{2, 0x3f, "DisallowNewTimeProposal"}, {2, 0x22, "MeetingRequest"}, {4, 0x33, "DisallowNewTimeProposal"}, {4, 0x3c, "ClientUid"},
		{4, 0x28, "UID"}, {5, 0x0c, "DstMsgId"}, {6, 0x0e, "Status"}, {7, 0x17, "Count"}, {8, 0x0e, "InstanceId"}, {8, 0x12, "SendResponse"},
		{9, 0x26, "FirstDayOfWeek"}, {10, 0x1d, "MaxPictures"}, {11, 0x0a, "Status"}, {12, 0x0e, "MMS"}, {13, 0x0d, "MaxFolders"},
		{14, 0x3a, "Hash"}, {14, 0x13, "AttachmentsEnabled"}, {15, 0x23, "MaxPictures"}, {15, 0x17, "DeepTraversal"}, {15, 0x1e, "UserName"},
		{16, 0x12, "Data"}, {17, 0x1b, "Status"}, {17, 0x2d, "InstanceId"}, {18, 0x2b, "RightsManagementInformation"}, {19, 0x0c, "ContentType"},
		{20, 0x19, "MoveAlways"}, {21, 0x13, "AccountId"}, {21, 0x0b, "Source"}, {21, 0x18, "ForwardeeEmail"}, {22, 0x13, "MeetingMessageType"},
		{22, 0x17, "Send"}, {23, 0x09, "Category"}, {24, 0x18, "RemoveRightsManagementProtection"}, {25, 0x19, "GALSearchCriterion"}, {25, 0x22, "Picture"},
		{15, 0x06, "UNKNOWN_TAG_15_6"}, {3, 0x05, "UNKNOWN_TAG_3_5"}, {26, 0x05, "UNKNOWN_TAG_26_5"}, {5, 0x0d, "UNKNOWN_TAG_5_D"},
	} {
		if got := wbxmlTag(test.page, test.token); got != test.want {
			t.Errorf("page %d, tag %#x: %s, want %s", test.page, test.token, got, test.want)
		}
	}
}

func TestWBXMLCorpus(t *testing.T) {
	got := shown(wbxmlView(), Metadata{}, string(corpus.File(t, "contentviews/test_wbxml_data/data.wbxml")))
	if want := string(corpus.File(t, "contentviews/test_wbxml_data/data-formatted.wbxml")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
