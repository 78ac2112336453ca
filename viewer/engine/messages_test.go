package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowpane/proto/flowpb"
	"flowpane/proto/viewerpb"
)

// TestStreamOfMessages puts messages behind each other: as they are, of one
// side, and told apart, of both.
func TestStreamOfMessages(t *testing.T) {
	at, client, server := 1e9+0.5, true, false
	all := conversation(&flowpb.Flow{Messages: []*flowpb.Message{
		{FromClient: &client, Timestamp: &at, Content: []byte("GET ")}, {FromClient: &server, Content: []byte("\xff\x00")},
		{FromClient: &client, Timestamp: &at, Content: []byte("/\n")},
	}})
	o := new(open)
	for side, want := range map[viewerpb.Side]string{
		viewerpb.Side_CLIENT: "GET /\n",
		viewerpb.Side_SERVER: "\xff\x00",
		viewerpb.Side_BOTH: "▲ client, message 1, 01:46:40.500 UTC, 4 bytes\nGET \n\n" +
			"▼ server, message 2, at an unknown time, 2 bytes\n0000:   ff 00" + strings.Repeat(" ", 48) + "..\n\n" +
			"▲ client, message 3, 01:46:40.500 UTC, 2 bytes\n/\n\n\n",
	} {
		if data, note := o.stream(all, side, 1000); string(data) != want || note != "" {
			t.Errorf("%v: %q, %s", side, data, note)
		}
	}
	if data, note := o.stream(all, viewerpb.Side_BOTH, 10); len(data) > 100 || note != "the first 1 of 3 messages: filter them to see others" {
		t.Errorf("%d bytes, %s", len(data), note)
	}
}

func TestMessagesOfSide(t *testing.T) {
	for _, test := range []struct {
		side viewerpb.Side
		want []bool
	}{
		{viewerpb.Side_BOTH, []bool{true, true}}, {viewerpb.Side_CLIENT, []bool{true, false}}, {viewerpb.Side_SERVER, []bool{false, true}},
	} {
		if got := []bool{message{fromClient: true}.from(test.side), message{}.from(test.side)}; !slices.Equal(got, test.want) {
			t.Error(fmt.Sprint(test.side, got))
		}
	}
}
