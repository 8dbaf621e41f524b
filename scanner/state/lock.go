package state

import "fmt"

// A HeldError says that another run has the state.
type HeldError struct {
	Dir    string
	Holder string // "process 4711 on host, since 2026-03-11T02:00:00Z", as it says itself
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("the state %s is held by %s; wait for it to end", e.Dir, e.Holder)
}
