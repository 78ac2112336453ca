package engine

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"flowpane/proto/viewerpb"
)

// A reader reads windows of lines of a document, and waits for lines that are
// not there yet.
type reader struct {
	ctx context.Context
	doc *document
	lines
	done bool
	err  error // of waiting; then done is set

	foldFrom int   // columns
	folded   []int // places of lines that are folded otherwise, in order
}

func (d *document) reader(ctx context.Context, get *viewerpb.GetBody) *reader {
	r := &reader{ctx: ctx, doc: d, foldFrom: int(get.FoldFrom)}
	for _, at := range get.Folded {
		r.folded = append(r.folded, int(min(at, math.MaxInt)))
	}
	slices.Sort(r.folded)
	return r
}

// has reports whether there is a byte at an offset.
func (r *reader) has(at int) bool {
	if at >= r.size && !r.done {
		r.wait(func(l lines) bool { return at < l.size })
	}
	return at < r.size
}

func (r *reader) wait(enough func(lines) bool) {
	r.lines, r.done, r.err = r.doc.wait(r.ctx, enough)
	r.done = r.done || r.err != nil
}

// A span is a part of the text: a line, as far as a window shows it.
type span struct{ begin, end int }

// forward returns the lines from one offset to another that are not hidden, and
// where the text behind them begins. A line that has no room is cut at the end
// of a character, if it is the first.
func (r *reader) forward(at, to, count, limit int) (spans []span, folds []fold, next int) {
	for len(spans) < count && at < to && r.has(at) {
		end := min(at+len(r.rest(at)), to)
		if end-at > limit && len(spans) > 0 {
			break
		}
		if end-at > limit {
			end = at + runeEnd(r.rest(at), limit)
			return []span{{at, end}}, nil, end
		}
		limit -= end - at
		spans = append(spans, span{at, end})
		hidden, opens := r.opens(at, end)
		if !opens {
			at = end
			continue
		}
		f := fold{row: len(spans) - 1, at: at}
		if at = end; hidden {
			at = r.foldEnd(f.at)
			f.hidden = r.number(at) - r.number(f.at) - 1
		}
		folds = append(folds, f)
	}
	return spans, folds, at
}

// backward returns where a window begins that ends at an offset. A line that has
// no room is cut, if it is the last.
func (r *reader) backward(to, count, limit int) int {
	r.wait(func(l lines) bool { return to <= l.size })
	at := min(to, r.size)
	for ; count > 0 && at > 0; count-- {
		begin := r.begin(at)
		end := at
		for begin > 0 && r.hides(begin) {
			end, begin = begin, r.begin(begin)
		}
		if limit -= end - begin; limit >= 0 {
			at = begin
			continue
		}
		if at < min(to, r.size) {
			break
		}
		line := r.rest(begin)
		for at = begin - limit; at < end && !utf8.RuneStart(line[at-begin]); {
			at++
		}
		break
	}
	return at
}

// before returns where a window begins in which a place is seen, with some lines
// in front of it if they are short.
func (r *reader) before(place, limit int) int {
	r.has(place)
	if r.size == 0 {
		return 0
	}
	place = min(place, r.size-1)
	if begin := r.begin(place + 1); place-begin < limit/2 {
		return r.backward(begin, linesBefore, limit/4)
	}
	return r.backward(place, 1, limit/4)
}

// lineBefore returns where a window begins in which a line is seen, with some
// lines in front of it.
func (r *reader) lineBefore(number int) int {
	r.wait(func(l lines) bool { return number < l.count() })
	return r.start(max(min(number, r.count()-1)-linesBefore, 0))
}

// runeEnd returns a length of at most limit, but at least that of a character,
// that does not end within a character.
func runeEnd(text string, limit int) int {
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	if limit == 0 {
		_, limit = utf8.DecodeRuneInString(text)
	}
	return limit
}

// fill puts lines into w, and what they are made of.
func (r *reader) fill(w *viewerpb.BodyWindow, spans []span, folds []fold, next int) {
	var text strings.Builder
	for _, s := range spans {
		text.WriteString(r.piece(s.begin).text[s.begin-r.piece(s.begin).at:][:s.end-s.begin])
	}
	w.Text, w.Next = text.String(), uint64(next)
	if len(spans) > 0 {
		from := spans[0].begin
		w.From, w.Line = uint64(from), uint64(r.number(from)+1)
		w.Continues = from > 0 && r.piece(from - 1).text[from-1-r.piece(from-1).at] != '\n'
	}
	for _, f := range folds {
		w.FoldRows = append(w.FoldRows, uint32(f.row))
		w.FoldPlaces = append(w.FoldPlaces, uint64(f.at))
		w.FoldHidden = append(w.FoldHidden, uint32(f.hidden))
	}
	w.Total, w.Lines = uint64(r.size), uint64(r.count())
}
