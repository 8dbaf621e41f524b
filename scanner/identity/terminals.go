package identity

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// terminals are those of containers, and who opened a shell on them. What is typed in
// such a shell has no login: the kernel knows the container and the terminal, which is
// numbered in each container anew. The shell itself is told by the command that asked
// for it (namedActs); what follows on its terminal is of the same hand, until another
// shell is opened there. Hits come in event-time order.
type terminals map[terminal][]opening

// A terminal is one of a container.
type terminal struct{ container, name string }

// An opening is a shell that was started on a terminal. Its facet is empty if nobody is
// known to have asked for it.
type opening struct {
	By   facet        `json:"by"`
	What string       `json:"what"` // the command
	At   finding.Time `json:"at"`
}

const (
	// maxTerminals bounds the terminals, maxOpenings the shells on one of them.
	maxTerminals = 10_000
	maxOpenings  = 256
	// shellLife is for how long what happens on a terminal is taken to be of whoever
	// opened the last shell there: no event says that it was left.
	shellLife = time.Hour
)

// remember notes the shell that h tells of; by is who asked for it, nil if that is not known.
func (t terminals) remember(h *finding.Hit, by *finding.ActorRef) {
	on := terminal{h.Actor.ID, h.Actor.Session}
	list := t[on]
	if !ownsTerminal(h) || !bareShell(h.Command) || h.Time.IsZero() || len(list) >= maxOpenings || list == nil && len(t) >= maxTerminals {
		return
	}
	o := opening{What: h.Command, At: h.Time}
	if by != nil {
		o.By = facetOf(by, h.Time)
	}
	t[on] = append(list, o)
}

// ownsTerminal reports whether h is of a process on a terminal of a container that is known.
func ownsTerminal(h *finding.Hit) bool {
	return parsers.ActorKind(h.Actor.Kind) == parsers.ContainerProcess && h.Container.ID != "" && h.Actor.Session != ""
}

// bareShell reports whether a command is a shell that somebody types in.
func bareShell(command string) bool {
	words := strings.Fields(command)
	if len(words) == 0 || slices.Contains(words, "-c") {
		return false
	}
	switch strings.TrimPrefix(path.Base(words[0]), "-") {
	case "sh", "bash", "ash", "dash", "zsh", "ksh":
		return true
	}
	return false
}

// behind is who opened the shell on whose terminal somebody acted; why is "" if that is
// not known.
func (t terminals) behind(who *facet) (to facet, why string) {
	list := t[terminal{who.ID, who.Session}]
	for i := len(list) - 1; i >= 0; i-- {
		o := &list[i]
		if who.At.Before(o.At.Time) {
			continue
		}
		if o.By.ID == "" || who.At.Sub(o.At.Time) > shellLife {
			break
		}
		return o.By, fmt.Sprintf("%s opened a shell (%s) on its terminal %s at %s", o.By.Name, text.Shorten(o.What, 40), who.Session, o.At)
	}
	return facet{}, ""
}
