package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/flow"
	"flowpane/viewer/store"
)

// Keep implements api.API. Flows are kept in batches: if the page is closed on
// the way, those are there that were kept until then. If it fails, or is
// cancelled, nothing is left behind.
func (e *Engine) Keep(ctx context.Context, each func(*viewerpb.Kept)) error {
	o, _ := e.session()
	if e.config.Shelf == nil {
		return errNoShelf
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()
	select {
	case <-o.read:
	case <-ctx.Done():
		return ctx.Err()
	}
	if k := o.shelved(); k != nil {
		return errors.New("this session is kept already, as " + k.name)
	}
	o.reading.Add(1)
	defer o.reading.Done()
	if err := o.ctx.Err(); err != nil { // its files are closed, or about to be
		return err
	}
	k, err := e.config.takeNew(ctx, o.fileName(0))
	if err != nil {
		return noRoom(err, nil)
	}
	w := &keeping{open: o, kept: k, each: each, keys: o.view.Keys(false)}
	if err := w.run(ctx); err != nil {
		k.close()
		return noRoom(err, e.config.Shelf.Remove(k.name))
	}
	o.mu.Lock()
	o.kept = k
	o.mu.Unlock()
	w.tell(true)
	return nil
}

// noRoom returns err, and says what to do where there is no more room. What was
// kept of the session is removed by then, unless that failed by left.
func noRoom(err, left error) error {
	if !errors.Is(err, store.ErrFull) {
		return errors.Join(err, left)
	}
	const full, before = "there is no more room in this browser. ", "what was kept before is as it was. "
	if left != nil {
		return fmt.Errorf(full+"What was kept of it until then could not be removed, and "+before+
			"Delete it, or another kept session that is of no more use: %w", left)
	}
	return errors.New(full + "Nothing of it is kept, and " + before +
		"Delete a kept session that is of no more use, or save this one as a file")
}

// keeping is a Keep under way.
type keeping struct {
	open *open
	kept *keptSession
	each func(*viewerpb.Kept)
	keys []string // of all flows

	summarizer flow.Summarizer
	batch      []store.Kept
	bytes      int64 // of the bodies of the batch
	done       int   // flows that are kept
	leftOut    int   // bodies that are too long
	told       time.Time
}

func (w *keeping) run(ctx context.Context) error {
	o, s := w.open, w.kept.store
	for i, src := range (&choice{open: o}).Sources() {
		if err := s.AddSource(store.Source{Name: src.Name, Format: src.Format, Size: src.Size}); err != nil {
			return err
		}
		if about := (&choice{open: o}).About(uint32(i)); about != nil {
			if err := s.SetAbout(i, about); err != nil {
				return err
			}
		}
	}
	for number, key := range w.keys {
		f, err := o.captured(key)
		if err != nil {
			return err
		}
		for _, b := range flow.Bodies(f) {
			if *b.Content == nil {
				w.bytes += int64((*b.Ref).GetLength())
			}
		}
		x := store.Index{Number: int64(number), Source: int(f.GetSource()), Summary: w.summarizer.Summarize(f)}
		w.batch = append(w.batch, store.Kept{Key: key, Flow: f, Index: x})
		if len(w.batch) == keptBatch || w.bytes > keptBytes {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	if err := w.annotations(); err != nil {
		return err
	}
	return s.Finish(ctx)
}

// flush keeps the batch.
func (w *keeping) flush(ctx context.Context) error {
	n, err := w.kept.store.Keep(ctx, w.batch, w.open.referred)
	if err != nil {
		return err
	}
	w.leftOut += n
	w.done += len(w.batch)
	w.batch, w.bytes = w.batch[:0], 0
	if time.Since(w.told) > progressEvery {
		w.told = time.Now()
		w.tell(false)
	}
	w.open.config.Yield()
	return ctx.Err()
}

// annotations keeps what was said of flows while the session was not kept.
func (w *keeping) annotations() error {
	w.open.mu.Lock()
	said := map[int64]store.Annotation{}
	for number, key := range w.keys {
		if a, ok := w.open.notes[key]; ok {
			said[int64(number)] = a
		}
	}
	w.open.mu.Unlock()
	for number, a := range said {
		if err := w.kept.store.Annotate(number, a); err != nil {
			return err
		}
	}
	return nil
}

func (w *keeping) tell(complete bool) {
	k := &viewerpb.Kept{Name: w.kept.name}
	w.kept.describe(k)
	k.Flows, k.FlowsTotal, k.Modified = uint64(w.done), uint64(len(w.keys)), time.Now().UnixNano()
	if k.Complete = complete; w.leftOut > 0 {
		k.Problem = plural(w.leftOut, "body", "bodies") + " of a gigabyte or more: not kept. Save them one by one, or the session as a dump"
	} else {
		k.Problem = ""
	}
	w.each(k)
}
