package pageside

import (
	"slices"
	"sync"
	"syscall/js"

	"flowpane/viewer/api"
	"flowpane/viewer/ui"
	"flowpane/wasm/port"
)

// A line leads to the engine that is running. It remembers what it handed over,
// for the engine that may come after.
type line struct {
	page   *ui.UI
	port   *port.Port
	handed []handed
}

// handed is a file, or a handle, that was handed over under a token, and how.
type handed struct {
	token string
	over  func(*port.Port)
}

func newLine() *line { return &line{port: port.FromGlobal()} }

func (l *line) sendFile(token string, file js.Value) {
	l.hand(token, func(p *port.Port) { p.SendFile(token, file) })
}

func (l *line) sendHandle(token string, handle js.Value) {
	if slices.ContainsFunc(l.handed, func(h handed) bool { return h.token == token }) { // else it comes too late
		l.hand(token, func(p *port.Port) { p.SendHandle(token, handle) })
	}
}

func (l *line) hand(token string, over func(*port.Port)) {
	l.handed = append(l.handed, handed{token, over})
	over(l.port)
}

func (l *line) letGo(token string) {
	l.handed = slices.DeleteFunc(l.handed, func(h handed) bool { return h.token == token })
	l.port.LetGo(token)
}

// restart has the boot script start another engine, and connects it.
func (l *line) restart() {
	l.port.Close()
	l.port = port.New(js.Global().Get("flowpane").Call("start"))
	for _, h := range l.handed {
		h.over(l.port)
	}
	go l.connect()
}

// connect gives the page the engine at the other end, when that is running, and
// tells the page of its end.
func (l *line) connect() {
	var once sync.Once
	ended := func(err error) { once.Do(func() { l.page.Disconnect(err) }) }
	engine, err := api.Dial(pipe{l.port, ended})
	if err != nil {
		ended(err)
		return
	}
	l.page.Connect(engine)
}

// A pipe tells of its end before any call hears of it.
type pipe struct {
	*port.Port
	ended func(error)
}

func (p pipe) Receive() ([]byte, error) {
	frame, err := p.Port.Receive()
	if err != nil {
		p.ended(api.ErrClosed)
	}
	return frame, err
}
