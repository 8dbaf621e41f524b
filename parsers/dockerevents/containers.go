package dockerevents

import "tideline/parsers"

// Limits of containers: how many are remembered before all are forgotten, and how
// many bytes the texts of one may have.
const (
	maxContainers     = 8192
	maxContainerBytes = 1024
)

// containers are the containers that events were about, so that the texts that
// tell of one are made strings once. It belongs to one decoder.
type containers struct {
	byID map[string]*parsers.Container
	last *parsers.Container // events of one follow one another
}

// of is the container that the event of h is about, whose id is known. What it
// returns does not change.
func (t *containers) of(h *happening) *parsers.Container {
	name := or(h.container, h.name)
	c := t.last
	if c == nil || c.ID != string(h.id) {
		c = t.byID[string(h.id)]
	}
	t.last = c
	if c != nil && c.Name == string(name) && c.Image == string(h.image) && c.Pod == string(h.pod) && c.Namespace == string(h.namespace) {
		return c
	}
	id := ""
	if c != nil {
		id = c.ID
	} else {
		id = string(h.id)
	}
	c = &parsers.Container{ID: id, Name: string(name), Image: string(h.image), Pod: string(h.pod), Namespace: string(h.namespace)}
	if len(id)+len(name)+len(h.image)+len(h.pod)+len(h.namespace) > maxContainerBytes {
		return c
	}
	if t.byID == nil || len(t.byID) >= maxContainers {
		t.byID = map[string]*parsers.Container{}
	}
	t.byID[id], t.last = c, c
	return c
}
