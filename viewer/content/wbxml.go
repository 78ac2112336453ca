package content

import (
	"bytes"
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"
)

// wbxmlView shows the binary XML of Exchange ActiveSync as XML. Unlike mitmproxy
// it knows the tags of all protocol versions by the names that they have in the
// schemas ("Type" where that has "Recurrence_Type"), shows other tags by their
// numbers and bytes that are no text as hexadecimal digits, and reads string
// tables.
//
// Source: https://www.w3.org/TR/wbxml/, and for the tags
// https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-aswbxml
func wbxmlView() View {
	return View{
		Name:  "wbxml",
		Label: "WBXML",
		About: "Binary XML of mobile devices, as XML",
		Whole: true,
		Priority: func(meta Metadata, data []byte) float64 {
			switch {
			case len(data) == 0:
			case meta.MediaType == "application/vnd.wap.wbxml", meta.MediaType == "application/vnd.ms-sync.wbxml":
				return 1
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			r := &wbxmlReader{budget: budget{ctx: ctx}, cursor: cursor{data: data}}
			if err := r.header(); err != nil {
				return Rendered{}, err
			}
			r.put("<?xml version=\"1.0\" ?>\n")
			for r.more() {
				if err := r.token(); err != nil {
					return Rendered{}, err
				}
			}
			for len(r.open) > 0 {
				r.end()
			}
			return Rendered{Text: r.String()}, ctx.Err()
		},
	}
}

// The global tokens that ActiveSync and its kin use.
const (
	wbxmlSwitchPage = 0x00
	wbxmlEnd        = 0x01
	wbxmlEntity     = 0x02
	wbxmlInline     = 0x03
	wbxmlLiteral    = 0x04
	wbxmlTable      = 0x83
	wbxmlOpaque     = 0xc3

	wbxmlFirstTag      = 0x05
	wbxmlHasContent    = 0x40
	wbxmlHasAttributes = 0x80
)

// wbxmlReader writes XML as it reads tokens.
type wbxmlReader struct {
	budget
	cursor
	output
	table []byte // of strings
	page  byte   // of tags
	open  []wbxmlElement
}

// wbxmlElement is an element that is open.
type wbxmlElement struct {
	name  string
	items int
	text  string // its first item, if that is a text: it may be the only one
}

// header reads what is before the first token.
func (r *wbxmlReader) header() error {
	if _, err := r.byte(); err != nil { // version
		return err
	}
	public, err := r.multiByte()
	if err == nil && public == 0 {
		_, err = r.multiByte() // the identifier is in the string table
	}
	if err != nil {
		return err
	}
	const utf8Charset = 0x6a
	charset, err := r.multiByte()
	if err == nil && charset != utf8Charset && charset != 3 { // 3 is ASCII
		err = r.fail("the charset is not UTF-8")
	}
	if err != nil {
		return err
	}
	size, err := r.multiByte()
	if err == nil {
		r.table, err = r.take(size)
	}
	return err
}

// multiByte reads a number of 7 bits a byte, the highest first.
// Source: https://www.w3.org/TR/wbxml/#_Toc443384895
func (r *wbxmlReader) multiByte() (uint64, error) {
	var n uint64
	for range 5 {
		b, err := r.byte()
		if err != nil {
			return 0, err
		}
		n = n<<7 | uint64(b&0x7f)
		if b < 0x80 {
			return n, nil
		}
	}
	return 0, r.fail("a number is too large")
}

func (r *wbxmlReader) token() error {
	if err := r.spend(); err != nil {
		return err
	}
	if r.len() > textMax {
		return errTooLong
	}
	token, err := r.byte()
	if err != nil {
		return err
	}
	switch token {
	case wbxmlSwitchPage:
		r.page, err = r.byte()
	case wbxmlEnd:
		if len(r.open) == 0 {
			return r.fail("an element ends that is not open")
		}
		r.end()
	case wbxmlEntity, wbxmlInline, wbxmlTable, wbxmlOpaque:
		var text string
		if text, err = r.content(token); err == nil {
			err = r.text(text)
		}
	case wbxmlLiteral, wbxmlLiteral | wbxmlHasContent:
		var name []byte
		if name, err = r.tableString(); err == nil {
			err = r.begin(string(name), token)
		}
	default:
		if token&wbxmlHasAttributes != 0 || token&0x3f < wbxmlFirstTag {
			return r.fail("unknown token 0x" + strconv.FormatUint(uint64(token), 16))
		}
		err = r.begin(wbxmlTag(r.page, token&0x3f), token)
	}
	return err
}

// content returns what a token stands for, as XML.
func (r *wbxmlReader) content(token byte) (string, error) {
	switch token {
	case wbxmlEntity:
		n, err := r.multiByte()
		return "&#" + strconv.FormatUint(n, 10) + ";", err
	case wbxmlInline:
		b, err := r.zeroEnded(r.rest())
		r.at += len(b) + 1
		return escapeXML(string(b)), err
	case wbxmlTable:
		b, err := r.tableString()
		return escapeXML(string(b)), err
	}
	size, err := r.multiByte()
	if err != nil {
		return "", err
	}
	b, err := r.take(size)
	if utf8.Valid(b) && !bytes.Contains(b, []byte("]]>")) && bytes.IndexByte(b, 0) < 0 {
		return "<![CDATA[" + string(b) + "]]>", err
	}
	return "<!-- 0x" + hex.EncodeToString(b) + " -->", err
}

// tableString returns the string at an offset of the table.
func (r *wbxmlReader) tableString() ([]byte, error) {
	offset, err := r.multiByte()
	if err != nil {
		return nil, err
	}
	return r.zeroEnded(r.table[min(offset, uint64(len(r.table))):])
}

func (r *wbxmlReader) zeroEnded(b []byte) ([]byte, error) {
	end := bytes.IndexByte(b, 0)
	if end < 0 {
		return nil, r.fail("a string does not end")
	}
	return b[:end], nil
}

// begin writes the begin of an element, but for its ">".
func (r *wbxmlReader) begin(name string, token byte) error {
	switch {
	case len(r.open) == maxDepth:
		return errDeep
	case len(r.open) > 0:
		r.item("")
	}
	r.indent()
	r.put("<" + name)
	r.open = append(r.open, wbxmlElement{name: name})
	if token&wbxmlHasContent == 0 {
		r.end()
	}
	return nil
}

// text adds a text to the element that is open.
func (r *wbxmlReader) text(text string) error {
	if len(r.open) == 0 {
		return r.fail("text outside of elements")
	}
	r.item(text)
	return nil
}

// item makes room for one more item in the element that is open. Only when
// there are several do they have lines of their own.
func (r *wbxmlReader) item(text string) {
	e := &r.open[len(r.open)-1]
	if e.items++; e.items == 1 && text != "" {
		e.text = text
		return
	}
	if e.items == 1 || e.text != "" {
		r.put(">\n")
		r.textLine(e.text)
		e.text = ""
	}
	r.textLine(text)
}

func (r *wbxmlReader) textLine(text string) {
	if text != "" {
		r.indent()
		r.put(text + "\n")
	}
}

// end writes the end of an element.
func (r *wbxmlReader) end() {
	e := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	switch {
	case e.items == 0:
		r.put("/>\n")
	case e.text != "":
		r.put(">" + e.text + "</" + e.name + ">\n")
	default:
		r.indent()
		r.put("</" + e.name + ">\n")
	}
}

func (r *wbxmlReader) indent() {
	r.repeat("    ", len(r.open))
}

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
