package screen

import (
	"context"

	"flowpane/proto/viewerpb"
	"flowpane/viewer/api"
)

// FollowAsked: the file that is open is to be followed as it grows, or no
// longer.
type FollowAsked struct{}

// What the engine answers.
type (
	grown       struct{ progress *viewerpb.Progress }
	followEnded struct{ err error }
)

func (s *Screen) updateFollow(do *commands, msg Msg) {
	switch m := msg.(type) {
	case FollowAsked:
		s.follow(do)
	case grown:
		followable := s.session.progress.Followable
		s.takeProgress(do, m.progress)
		s.session.progress.Followable = followable
	case followEnded:
		s.session.following = false
		s.failed(m.err)
	}
}

func (s *Screen) follow(do *commands) {
	if s.session.following {
		s.session.following = false
		do.stop(slotFollow)
		return
	}
	if s.phase != Opened || !s.session.progress.Followable {
		return
	}
	s.session.following = true
	do.add(Call{slotFollow, func(ctx context.Context, engine api.API, post func(Msg)) {
		err := engine.Follow(ctx, func(p *viewerpb.Progress) { post(grown{p}) })
		post(followEnded{err})
	}})
}

// A Follow is the button that follows a file as it grows.
type Follow struct{ Offered, On bool }

func (s *Screen) followState() Follow {
	return Follow{Offered: s.phase == Opened && s.session.progress.Followable && s.session.kept == "", On: s.session.following}
}
