package view

import "sync"

// maxConditions is of how many conditions answers are remembered: those asked
// last. A million flows take a quarter of a megabyte each.
const maxConditions = 16

// answers remember what was found out of flows by loading them, by conditions
// such as "b REGEX": whoever edits another part of a filter does not search all
// bodies again.
type answers struct {
	mu   sync.Mutex
	sets map[string]*answerSet
	used int // counts uses of sets
}

// An answerSet is what is known of one condition.
type answerSet struct {
	mu         *sync.Mutex
	asked, yes bitmap
	used       int
}

// of returns the answers to a condition. They are shared by all who ask.
func (a *answers) of(condition string) *answerSet {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.sets[condition]
	if s == nil {
		if a.sets == nil {
			a.sets = map[string]*answerSet{}
		}
		if len(a.sets) >= maxConditions {
			oldest := ""
			for name, s := range a.sets {
				if oldest == "" || s.used < a.sets[oldest].used {
					oldest = name
				}
			}
			delete(a.sets, oldest)
		}
		s = &answerSet{mu: &a.mu}
		a.sets[condition] = s
	}
	a.used++
	s.used = a.used
	return s
}

// forget forgets what is known of a row.
func (a *answers) forget(row uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.sets {
		s.asked.unset(row)
	}
}

// known returns the answer of a row, if there is one.
func (s *answerSet) known(row uint32) (yes, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.yes.has(row), s.asked.has(row)
}

func (s *answerSet) note(row uint32, yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.yes = s.asked.grow(int(row)+1), s.yes.grow(int(row)+1)
	s.asked.set(row)
	if s.yes.unset(row); yes {
		s.yes.set(row)
	}
}
