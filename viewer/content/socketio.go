package content

import (
	"context"
	"errors"
	"strings"
)

// socketIOView shows a message of Socket.IO, or of Engine.IO below it. Pings and
// acknowledgements are empty.
//
// Source: https://socket.io/docs/v4/socket-io-protocol/
func socketIOView() View {
	return View{
		Name:  "socket.io",
		Label: "Socket.IO",
		About: "Socket.IO packets",
		Priority: func(meta Metadata, data []byte) float64 {
			if len(data) > 0 && meta.Origin == WebSocket && strings.Contains(meta.Path, "/socket.io/?") {
				return 1
			}
			return 0
		},
		Render: func(_ context.Context, _ Metadata, data []byte) (Rendered, error) {
			text, err := socketIO(data)
			return Rendered{Text: text}, err
		},
	}
}

var errSocketIO = errors.New("it is no message of Socket.IO")

func socketIO(data []byte) (string, error) {
	if len(data) == 0 {
		return "", errSocketIO
	}
	switch data[0] {
	case '0':
		return "EngineIO.OPEN " + escapeBytes(data[1:]), nil
	case '1':
		return "EngineIO.CLOSE " + escapeBytes(data[1:]), nil
	case '2', '3':
		return "", nil
	case '5':
		return "EngineIO.UPGRADE " + escapeBytes(data[1:]), nil
	case '6':
		return "EngineIO.NOOP " + escapeBytes(data[1:]), nil
	case '4':
		names := [...]string{"CONNECT", "DISCONNECT", "EVENT", "", "CONNECT_ERROR", "BINARY_EVENT", ""}
		if len(data) < 2 || data[1] < '0' || int(data[1]-'0') >= len(names) {
			return "", errSocketIO
		}
		if name := names[data[1]-'0']; name != "" {
			return "SocketIO." + name + " " + escapeBytes(data[2:]), nil
		}
		return "", nil
	}
	return "", errSocketIO
}
