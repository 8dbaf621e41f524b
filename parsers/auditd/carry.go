package auditd

import (
	"encoding/json"
	"fmt"
)

// wireCarry is what a decoder knows at the end of a stream: the processes of the
// machine, oldest first, and the last serial number of each node.
type wireCarry struct {
	Procs   []wireProc            `json:"procs"`
	Serials map[string]wireSerial `json:"serials"`
	Local   bool                  `json:"local"`
	Left    int                   `json:"left"`
}

type wireProc struct {
	Node      uint64 `json:"n"`
	Pid       uint32 `json:"p"`
	Exe       []byte `json:"e,omitempty"`
	Line      []byte `json:"l,omitempty"`
	HasLine   bool   `json:"h,omitempty"`
	User      []byte `json:"u,omitempty"`
	Container []byte `json:"c,omitempty"`
	Inside    bool   `json:"i,omitempty"`
}

type wireSerial struct {
	Last uint32 `json:"last"`
	Time int64  `json:"time"`
}

// Carry implements parsers.Carrier. What was open at the end was told as parted
// events; those of which records follow all the same must not be cut.
func (d *decoder) Carry() ([]byte, bool) {
	w := wireCarry{Serials: map[string]wireSerial{}, Local: d.local, Left: d.parting.left}
	for p := d.procs.oldest; p != nil; p = p.newer {
		w.Procs = append(w.Procs, wireProc{p.key.node, p.key.pid, p.exe, p.line, p.hasLine, p.user, p.container, p.inside})
	}
	for name, n := range d.serials.nodes {
		w.Serials[name] = wireSerial{n.last, n.time}
	}
	b, err := json.Marshal(w)
	return b, err == nil
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	var w wireCarry
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("auditd: what the stream before knew: %w", err)
	}
	for _, p := range w.Procs {
		entry := d.procs.touch(procKey{p.Node, p.Pid})
		d.procs.update(entry, func(e *proc) {
			e.exe, e.line, e.user, e.container = d.procs.share(p.Exe), d.procs.share(p.Line), d.procs.share(p.User), d.procs.share(p.Container)
			e.hasLine, e.inside = p.HasLine, p.Inside
		})
	}
	d.procs.trim()
	d.serials.nodes = map[string]*nodeSerial{}
	for name, n := range w.Serials {
		if len(d.serials.nodes) < maxNodes {
			d.serials.nodes[name] = &nodeSerial{n.Last, n.Time}
		}
	}
	d.local, d.parting.left = w.Local, w.Left
	return nil
}
