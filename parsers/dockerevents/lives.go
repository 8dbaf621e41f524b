package dockerevents

import "time"

// docker run in the foreground attaches to a container before it starts it, and podman
// run right behind: that is how their output comes to the terminal. Who attaches later
// reads what others started. So the decoder follows the lives of the containers that it
// saw created.

// lives are those containers, by a key of their ids: when they were started in
// nanoseconds since 1970, or notRunning.
type lives map[uint64]int64

const (
	notRunning = 0
	// maxLives is how many containers are followed before all are forgotten.
	maxLives = 8192
	// atOnce is how long after a start who attaches may belong to it.
	atOnce = time.Second
)

// A turn is what an action does to the life of a container.
type turn uint8

const (
	noTurn turn = iota
	created
	started
	attached
	ended
	destroyed
)

// turns are the actions that make one, in Docker's words.
var turns = map[string]turn{"create": created, "start": started, "attach": attached, "die": ended, "destroy": destroyed}

// turnOf is the turn of an action of a type of object.
func turnOf(typ, verb []byte) turn {
	if string(typ) != string(containerType) {
		return noTurn
	}
	return turns[string(verb)]
}

// turn takes note of what happened to a container, and reports whether it was attached
// to by who starts it.
func (l lives) turn(what turn, key uint64, at time.Time) (foreground bool) {
	if what == created {
		if len(l) >= maxLives {
			clear(l)
		}
		l[key] = notRunning
		return false
	}
	since, known := l[key]
	if !known || at.IsZero() {
		return false
	}
	switch what {
	case started:
		l[key] = at.UnixNano()
	case ended:
		l[key] = notRunning
	case destroyed:
		delete(l, key)
	case attached:
		after := time.Duration(at.UnixNano() - since)
		return since == notRunning || after >= 0 && after <= atOnce
	}
	return false
}

// lifeKey is the key of a container; 0 without an id.
func lifeKey(id []byte) uint64 {
	if len(id) == 0 {
		return 0
	}
	return probeKey(id, nil)
}
