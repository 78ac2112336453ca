package screen

import (
	"context"
	"errors"
	"slices"
	"strings"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

const (
	// firstLines and nextLines are how many lines of a body are asked for at
	// first, and each time after.
	firstLines = 60
	nextLines  = 80
	// windowBytes is how many bytes of lines come at once.
	windowBytes = 32 << 10
	// maxWindows is how many windows are shown at once: those at the other end
	// go when more come.
	maxWindows = 12
	// previewView is the content view that shows markup as a browser would. It is
	// no part of a link, and does not stay for the next body.
	previewView = "preview"
)

// What a person does with a body.
type (
	// ViewChosen: a content view was chosen; "auto" lets the engine choose.
	ViewChosen struct{ View string }
	// MoreAsked: lines behind those shown are wanted, or in front of them.
	MoreAsked struct{ Earlier bool }
	// LineAsked: a line is wanted, from 1.
	LineAsked struct{ Number int }
	// FoldToggled: what the line at a place opens is to be hidden, or shown.
	FoldToggled struct{ Place uint64 }
	// AllFolded: all that lines open is to be hidden, but for the first, or shown.
	AllFolded struct{ Hide bool }
	// StepTaken: what is inside of the body is to be shown, by the name of a step.
	StepTaken struct{ Name string }
	// StepsLeft: only so many steps into the body are to be taken.
	StepsLeft struct{ Depth int }
	// AllowAsked: a body that is too long is to be shown further.
	AllowAsked struct{}
	// BodyCopyAsked: all of the text is wanted on the clipboard.
	BodyCopyAsked struct{}
	// ImageFailed: the browser cannot draw the image that is the body.
	ImageFailed struct{}
)

// What the engine answers about a body.
type (
	bodyCame struct {
		window *viewerpb.BodyWindow
		err    error
		// What becomes of the windows that are there: so many stay in front; or
		// all of them behind, if it is negative.
		stay int
	}
	surveyed struct {
		survey *viewerpb.BodySurvey
		err    error
	}
	bodyCopied struct {
		text string
		err  error
	}
)

// A body is the body that the detail pane shows, as far as it is here.
type body struct {
	shown   bool // the tab has a body
	loading bool
	failure string
	empty   string // words in place of content
	serial  int    // grows whenever the content is another, not more of it

	view    string // the view used
	views   []string
	abouts  []string               // of views
	windows []*viewerpb.BodyWindow // one behind the other
	image   []byte
	media   string
	survey  viewerpb.BodySurvey // of all of it, as far as that is known

	folds   folds
	allowed uint64
}

// folds say which lines hide what they open.
type folds struct {
	from   uint32 // those that are indented so far, if it is not 0
	others []uint64
}

// loadBody fetches the body of the tab from the start.
func (s *Screen) loadBody(do *commands) {
	d := &s.detail
	d.body = body{serial: d.body.serial + 1, views: d.body.views, abouts: d.body.abouts}
	d.find.forget()
	do.stop(slotBody, slotSurvey)
	head, _ := d.head()
	switch {
	case head != nil:
		d.body.shown = true
		d.body.empty = absence(head.Body)
		if d.body.empty != "" {
			d.body.views = nil
			return
		}
	case d.talks() && (d.message > 0 || d.talk.stream):
		d.body.shown = true
	default:
		return
	}
	s.beginBody(do)
}

// beginBody fetches the beginning of the body.
func (s *Screen) beginBody(do *commands) {
	get := s.getBody()
	get.Lines = firstLines
	s.fetch(do, get, 0)
}

// getBody returns a request for the body that the tab shows, and what is found
// in it.
func (s *Screen) getBody() *viewerpb.GetBody {
	d := &s.detail
	get := &viewerpb.GetBody{
		Key: d.key, View: d.viewAsked(), Limit: windowBytes, Lines: nextLines,
		Find: d.find.text, FindRegex: d.find.isRegex, Filter: s.filter.applied,
		FoldFrom: d.body.folds.from, Folded: d.body.folds.others, Allowed: d.body.allowed, Inside: d.inside,
	}
	_, get.Part = d.head()
	if d.talks() && d.talk.stream {
		get.Part, get.Index = viewerpb.Part_STREAM, uint32(d.talk.side)
	} else if d.message > 0 {
		get.Part, get.Index = viewerpb.Part_MESSAGE, uint32(d.message-1)
	}
	return get
}

func absence(info *viewerpb.BodyInfo) string {
	switch {
	case info == nil || !info.Present:
		return "The body was not captured."
	case info.Size == 0:
		return "The body is empty."
	}
	return ""
}

func (d *detail) viewAsked() string {
	if d.view == "" {
		return "auto"
	}
	return d.view
}

func (s *Screen) fetch(do *commands, get *viewerpb.GetBody, stay int) {
	s.detail.body.loading = true
	do.add(Call{slotBody, func(ctx context.Context, engine api.API, post func(Msg)) {
		window, err := engine.Body(ctx, get)
		post(bodyCame{window, err, stay})
	}})
}

// look has the engine go through all of the body, if that is not done.
func (s *Screen) look(do *commands) {
	get := s.getBody()
	do.add(Call{slotSurvey, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.SurveyBody(ctx, get, func(v *viewerpb.BodySurvey) { post(surveyed{survey: v}) })
		if err != nil {
			post(surveyed{err: err})
		}
	}})
}

func (s *Screen) updateBody(do *commands, msg Msg) {
	d := &s.detail
	b := &d.body
	switch m := msg.(type) {
	case ViewChosen:
		if d.view = m.View; m.View == "auto" {
			d.view = ""
		}
		s.loadBody(do)
		s.record(do, false)
	case MoreAsked:
		s.loadMore(do, m.Earlier)
	case LineAsked:
		if len(b.windows) > 0 {
			get := s.getBody()
			get.Line = uint64(max(m.Number, 1))
			s.fetch(do, get, 0)
		}
	case FoldToggled:
		s.toggleFold(do, m.Place)
	case AllFolded:
		if len(b.windows) == 0 {
			return
		}
		if b.folds = (folds{}); m.Hide {
			b.folds.from = 1
		}
		s.beginBody(do)
	case StepTaken:
		if m.Name != "" {
			s.goInside(do, append(slices.Clone(d.inside), m.Name))
		}
	case StepsLeft:
		if m.Depth < len(d.inside) {
			s.goInside(do, d.inside[:m.Depth])
		}
	case AllowAsked:
		if b.survey.Allow > 0 {
			b.allowed = b.survey.Allow
			s.beginBody(do)
		}
	case BodyCopyAsked:
		s.copyBody(do)
	case bodyCopied:
		s.bodyCopied(do, m)
	case ImageFailed:
		d.body = body{serial: b.serial + 1, shown: true, views: b.views, abouts: b.abouts, view: b.view,
			empty: "The browser cannot draw this image. The hex view shows its bytes."}
	case bodyCame:
		s.bodyCame(do, m)
	case surveyed:
		s.surveyed(m)
	}
}

// goInside shows what is inside of the body, as the engine sees fit.
func (s *Screen) goInside(do *commands, names []string) {
	s.detail.inside, s.detail.view = names, ""
	s.loadBody(do)
	s.record(do, false)
}

// loadMore fetches the lines behind those shown, or in front of them.
func (s *Screen) loadMore(do *commands, earlier bool) {
	b := &s.detail.body
	get := s.getBody()
	switch {
	case b.loading || len(b.windows) == 0:
		return
	case earlier && b.hasEarlier():
		get.From, get.Backwards = b.windows[0].From, true
		s.fetch(do, get, -1)
	case !earlier && b.hasMore():
		get.From = b.last().Next
		s.fetch(do, get, len(b.windows))
	}
}

func (b *body) last() *viewerpb.BodyWindow { return b.windows[len(b.windows)-1] }

func (b *body) hasEarlier() bool { return len(b.windows) > 0 && b.windows[0].From > 0 }

// hasMore reports whether there are lines behind those shown, or may be.
func (b *body) hasMore() bool {
	return len(b.windows) > 0 && b.failure == "" && (!b.survey.Complete || b.last().Next < b.survey.Total)
}

// toggleFold hides what a line opens, or shows it. What stands in front of the
// window that it is in stays.
func (s *Screen) toggleFold(do *commands, place uint64) {
	b := &s.detail.body
	i := slices.IndexFunc(b.windows, func(w *viewerpb.BodyWindow) bool { return w.From <= place && place < w.Next })
	if i < 0 {
		return
	}
	others := slices.Clone(b.folds.others)
	if at, found := slices.BinarySearch(others, place); found {
		others = slices.Delete(others, at, at+1)
	} else {
		others = slices.Insert(others, at, place)
	}
	b.folds.others = others
	get := s.getBody()
	get.From = b.windows[i].From
	s.fetch(do, get, i)
}

func (s *Screen) bodyCame(do *commands, m bodyCame) {
	b := &s.detail.body
	b.loading = false
	if m.err != nil {
		b.failure = m.err.Error()
		return
	}
	w := m.window
	b.put(w, m.stay)
	b.view, b.views, b.abouts = w.View, w.Views, w.Abouts
	if len(w.Data) > 0 {
		b.image, b.media = w.Data, w.MediaType
	}
	if !w.Present {
		b.empty = "The body was not captured."
	}
	if m.stay == 0 {
		b.survey = viewerpb.BodySurvey{
			Total: w.Total, Lines: w.Lines, Complete: w.Complete, Note: w.Note, Allow: w.Allow,
			Hits: w.HitsTotal, HitsMore: w.HitsMore, FindError: w.FindError, Steps: w.Steps,
		}
		if w.Present && !w.Complete {
			s.look(do)
		}
	}
	s.detail.find.came()
}

// put puts a window behind the first few that stay, or in front of all.
func (b *body) put(w *viewerpb.BodyWindow, stay int) {
	switch {
	case !w.Present || w.Text == "":
		b.windows = b.windows[:max(stay, 0)]
		if stay < 0 {
			b.windows = nil
		}
	case stay < 0:
		b.windows = slices.Concat([]*viewerpb.BodyWindow{w}, b.windows[:min(len(b.windows), maxWindows-1)])
	default:
		kept := b.windows[:min(stay, len(b.windows))]
		b.windows = append(slices.Clone(kept[max(0, len(kept)-maxWindows+1):]), w)
	}
}

// surveyed takes what is known of all of the body.
func (s *Screen) surveyed(m surveyed) {
	if m.err == nil {
		s.detail.body.survey = *m.survey
	}
}

// place says which lines are shown, and of how many.
func (b *body) place() string {
	if len(b.windows) == 0 || b.view == "image" {
		return ""
	}
	lines := formatCount(b.survey.Lines)
	if !b.survey.Complete {
		lines += " so far"
	}
	return lines
}

// copyBody fetches all of the text, by and by, and copies it.
func (s *Screen) copyBody(do *commands) {
	if len(s.detail.body.windows) == 0 {
		return
	}
	get := s.getBody()
	get.Lines, get.Limit, get.FoldFrom, get.Folded, get.Find, get.Filter = 0, 0, 0, nil, "", ""
	do.add(Call{slotSaveBody, func(ctx context.Context, engine api.API, post func(Msg)) {
		text, err := wholeText(ctx, engine, get)
		post(bodyCopied{text, err})
	}})
}

// maxCopied is how long a text may be to be copied, in bytes.
const maxCopied = 32 << 20

func wholeText(ctx context.Context, engine api.API, get *viewerpb.GetBody) (string, error) {
	var text strings.Builder
	for {
		next := *get
		w, err := engine.Body(ctx, &next)
		if err != nil {
			return "", err
		}
		text.WriteString(w.Text)
		switch get.From = w.Next; {
		case w.Text == "":
			return text.String(), nil
		case text.Len() > maxCopied:
			return "", errors.New("it is too long to be copied: save it as a file")
		}
	}
}

func (s *Screen) bodyCopied(do *commands, m bodyCopied) {
	x := &s.detail.exported
	if m.err != nil {
		x.status = "Body: " + m.err.Error() + "."
		return
	}
	x.then = "Copied: the body as shown."
	do.add(Copy{m.text})
}
