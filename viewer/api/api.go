// Package api is the boundary between page and engine: an interface, and a
// server and client that carry it over any pipe of bytes.
//
// Each frame on the pipe is one protobuf message of viewer.proto, without a
// length in front: the pipe keeps frames apart. The first frame each side
// sends is a Hello with its [Version]. Requests have ids; replies to one
// request may be many, and those to different requests come in any order. A
// call may be cancelled, and an unknown one is answered with an error, so
// nobody waits for ever.
package api

import (
	"context"
	"errors"
	"strconv"

	"flowpane/proto/viewerpb"
)

// Version is the version of the protocol. Page and engine are built together,
// so any difference means that a browser kept one of them too long.
const Version = 1

// API is what the viewer can do, without a screen and without a browser.
//
// Every call ends soon after its context is cancelled. Errors that a person
// should read are of type [*Error]. Messages passed to the functions belong to
// the callee.
type API interface {
	// Open reads files into a new session in place of the present one. It
	// calls each as reading goes on, and returns when all is read. Files that
	// cannot be read at all are an error; damaged records are issues.
	Open(ctx context.Context, sources []*viewerpb.Source, each func(*viewerpb.Progress)) error
	// Close forgets the session.
	Close(ctx context.Context) error
	// Watch sets filter and order of the view and calls each whenever the
	// view changes, at first when it is known; its first rows come with it, if they
	// are asked for. It returns when cancelled, or when another Watch took its place.
	Watch(ctx context.Context, watch *viewerpb.Watch, each func(*viewerpb.View)) error
	// Rows returns the rows from index from on, at most count.
	Rows(ctx context.Context, from uint64, count uint32) (*viewerpb.Rows, error)
	// Timeline returns how many flows began when.
	Timeline(ctx context.Context, get *viewerpb.GetTimeline) (*viewerpb.Timeline, error)
	// Overview returns what the flows that the view shows have in common.
	Overview(ctx context.Context, get *viewerpb.GetOverview) (*viewerpb.Overview, error)
	// Branch returns the groups in one of the tree of hosts and paths.
	Branch(ctx context.Context, get *viewerpb.GetBranch) (*viewerpb.Branch, error)
	// Locate returns where in the view a flow is.
	Locate(ctx context.Context, key string) (*viewerpb.Location, error)
	// Flow returns a flow without its bodies.
	Flow(ctx context.Context, key string) (*viewerpb.Flow, error)
	// Body returns a window of a body as a content view shows it.
	Body(ctx context.Context, get *viewerpb.GetBody) (*viewerpb.BodyWindow, error)
	// Messages returns a window of the messages of a conversation.
	Messages(ctx context.Context, list *viewerpb.ListMessages) (*viewerpb.MessageList, error)
	// SurveyBody calls each with what there is of a body, and how often something
	// is found in it, until all of it is known.
	SurveyBody(ctx context.Context, get *viewerpb.GetBody, each func(*viewerpb.BodySurvey)) error
	// Complete says what can stand at a byte offset of an expression.
	Complete(ctx context.Context, filter string, cursor int) (*viewerpb.Completions, error)
	// CheckFilter says what an expression means.
	CheckFilter(ctx context.Context, filter string) (*viewerpb.FilterCheck, error)
	// Explain says why a filter holds for a flow; nothing, if it does not.
	Explain(ctx context.Context, key, filter string) (*viewerpb.Explanation, error)
	// Compare puts two flows beside each other; an empty base is what the flow
	// was before it was edited.
	Compare(ctx context.Context, base, key string) (*viewerpb.Comparison, error)
	// Export returns a flow as text for another program.
	Export(ctx context.Context, key, format string) (*viewerpb.Exported, error)
	// Terms returns conditions that flows like one match.
	Terms(ctx context.Context, key string) (*viewerpb.Terms, error)
	// Highlight returns those of the flows that a filter holds for.
	Highlight(ctx context.Context, filter string, keys []string) (*viewerpb.Highlighted, error)
	// Examine asks a filter of flows of a file, where they lie.
	Examine(ctx context.Context, examine *viewerpb.Examine) (*viewerpb.Examined, error)
	// Targets returns the kinds of file that the session can be saved as.
	Targets(ctx context.Context) (*viewerpb.Targets, error)
	// Losses returns what a file of a kind could not hold, the most frequent
	// first. It goes through all the flows.
	Losses(ctx context.Context, count *viewerpb.CountLosses) (*viewerpb.Losses, error)
	// Save writes flows as a file and calls each with piece after piece of it.
	// If it returns an error, the pieces are no file.
	Save(ctx context.Context, save *viewerpb.Save, each func(*viewerpb.Saved)) error
	// FindSecrets calls each with how far it is and, at last, with what would be
	// taken out of flows. It goes through all of them.
	FindSecrets(ctx context.Context, find *viewerpb.FindSecrets, each func(*viewerpb.Secrets)) error
	// MakeLink returns flows as text that fits into a link. Too many of them are
	// an error that says what else can be done.
	MakeLink(ctx context.Context, link *viewerpb.MakeLink) (*viewerpb.MadeLink, error)
	// SaveBody calls each with piece after piece of a body, all of which have the
	// name of a file for it. If it returns an error, the pieces are no file.
	SaveBody(ctx context.Context, save *viewerpb.SaveBody, each func(*viewerpb.Saved)) error
	// AddSchema makes the message types of protocol buffers in a file known, so
	// that views can name fields. A file that is not a descriptor set is an error.
	AddSchema(ctx context.Context, source *viewerpb.Source) (*viewerpb.AddedSchema, error)
	// Follow reads on as the file that is open grows, and calls each with what
	// is new, until it is cancelled.
	Follow(ctx context.Context, each func(*viewerpb.Progress)) error
	// Annotate says something of a flow and returns its row. It is stored when
	// the call returns, if the session is kept.
	Annotate(ctx context.Context, annotate *viewerpb.Annotate) (*viewerpb.Row, error)
	// Kept returns the sessions that are kept in this browser.
	Kept(ctx context.Context) (*viewerpb.KeptList, error)
	// Keep keeps the session that is open, once it is read, and calls each as
	// that goes on, at last with what is kept.
	Keep(ctx context.Context, each func(*viewerpb.Kept)) error
	// RemoveKept deletes a kept session for good.
	RemoveKept(ctx context.Context, name string) error
}

// A Pipe carries frames in order. Send takes the frame over: the sender must
// not use it again. Receive blocks until there is a frame; io.EOF is the end.
// One goroutine receives; any may send.
type Pipe interface {
	Send(frame []byte) error
	Receive() ([]byte, error)
}

// An Error is a failure that a person is told about.
type Error struct {
	Code viewerpb.Code
	Text string
	// Where in a filter expression, in bytes, if Code is BAD_FILTER.
	Pos, End int
	// The expression is the beginning of a right one.
	Incomplete bool
}

func (e *Error) Error() string { return e.Text }

// wrap returns an Error of code with the text of err.
func wrap(code viewerpb.Code, err error) *Error {
	return &Error{Code: code, Text: err.Error()}
}

// asError returns err as an *Error. What is not one is an internal failure.
func asError(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return wrap(viewerpb.Code_CANCELLED, err)
	}
	return wrap(viewerpb.Code_INTERNAL, err)
}

// checkVersion returns an error that tells a person what to do about a
// different version on the other side.
func checkVersion(hello *viewerpb.Hello) error {
	if hello == nil {
		return errors.New("api: the first frame is not a hello")
	}
	if hello.Version != Version {
		return errors.New("api: page and engine differ in version (" + strconv.Itoa(Version) + " and " +
			strconv.Itoa(int(hello.Version)) + "): reload the page without its cache")
	}
	return nil
}
