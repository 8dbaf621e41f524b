package auditd

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// carryForm is the form of a wireCarry.
const carryForm = 2

// wireCarry is what a decoder knows at the end of a stream: the processes of the
// machine, oldest first, and the last serial number of each node. There are
// thousands of processes and few programs, and a state holds a carry for every
// log that may grow: so processes are columns, and texts are told once.
type wireCarry struct {
	Form    int                   `json:"form"`
	Texts   []string              `json:"texts"` // see wireText
	Nodes   []uint64              `json:"nodes"`
	Procs   wireProcs             `json:"procs"`
	Serials map[string]wireSerial `json:"serials"`
	Local   bool                  `json:"local"`
	Left    int                   `json:"left"`
}

// wireProcs are columns of one length: indexes of Nodes, pids as differences
// from the one before, and indexes of Texts, plus one; 0 is an empty text.
type wireProcs struct {
	Node      []int   `json:"node"`
	Pid       []int64 `json:"pid"`
	Exe       []int   `json:"exe"`
	Line      []int   `json:"line"`
	User      []int   `json:"user"`
	Container []int   `json:"container"`
	Flags     []int   `json:"flags"`
}

const (
	flagHasLine = 1 << iota
	flagInside
)

type wireSerial struct {
	Last uint32 `json:"last"`
	Time int64  `json:"time"`
}

// errCarry says that a carry is not what Carry gave.
var errCarry = errors.New("not in a known form")

// Carry implements parsers.Carrier. What was open at the end was told as parted
// events; those of which records follow all the same must not be cut.
func (d *decoder) Carry() ([]byte, bool) {
	w := wireCarry{Form: carryForm, Serials: map[string]wireSerial{}, Local: d.local, Left: d.parting.left}
	t := &textTable{of: map[string]int{}}
	nodes, pid := map[uint64]int{}, int64(0)
	for p := d.procs.oldest; p != nil; p = p.newer {
		if _, ok := nodes[p.key.node]; !ok {
			nodes[p.key.node] = len(w.Nodes)
			w.Nodes = append(w.Nodes, p.key.node)
		}
		flags := 0
		if p.guise.hasLine {
			flags |= flagHasLine
		}
		if p.guise.inside {
			flags |= flagInside
		}
		c := &w.Procs
		c.Node, c.Pid, c.Flags = append(c.Node, nodes[p.key.node]), append(c.Pid, int64(p.key.pid)-pid), append(c.Flags, flags)
		c.Exe, c.Line = append(c.Exe, t.index(p.guise.exe)), append(c.Line, t.index(p.guise.line))
		c.User, c.Container = append(c.User, t.index(p.guise.user)), append(c.Container, t.index(p.guise.container))
		pid = int64(p.key.pid)
	}
	w.Texts = t.texts
	for name, n := range d.serials.nodes {
		w.Serials[name] = wireSerial{n.last, n.time}
	}
	b, err := json.Marshal(w)
	return b, err == nil
}

// A textTable numbers different texts from 1.
type textTable struct {
	of    map[string]int
	texts []string
}

func (t *textTable) index(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	i, ok := t.of[string(b)]
	if !ok {
		t.texts = append(t.texts, wireText(b))
		i = len(t.texts)
		t.of[string(b)] = i
	}
	return i
}

// wireText is b behind an apostrophe, or in base64 if it is not UTF-8.
func wireText(b []byte) string {
	if utf8.Valid(b) {
		return "'" + string(b)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// unwired is the inverse of wireText.
func unwired(s string) ([]byte, error) {
	if s != "" && s[0] == '\'' {
		return []byte(s[1:]), nil
	}
	return base64.StdEncoding.DecodeString(s)
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	var w wireCarry
	err := json.Unmarshal(b, &w)
	if err == nil && (w.Form != carryForm || !w.Procs.sound(&w)) {
		err = errCarry
	}
	texts := [][]byte{nil}
	for i := 0; i < len(w.Texts) && err == nil; i++ {
		var text []byte
		text, err = unwired(w.Texts[i])
		texts = append(texts, text)
	}
	if err != nil {
		return fmt.Errorf("auditd: what the stream before knew: %w", err)
	}
	c, pid := &w.Procs, int64(0)
	for i := range c.Pid {
		pid += c.Pid[i]
		d.procs.wear(d.procs.touch(procKey{w.Nodes[c.Node[i]], uint32(pid)}), d.procs.shared(&guise{
			exe: d.procs.share(texts[c.Exe[i]]), line: d.procs.share(texts[c.Line[i]]),
			user: d.procs.share(texts[c.User[i]]), container: d.procs.share(texts[c.Container[i]]),
			hasLine: c.Flags[i]&flagHasLine != 0, inside: c.Flags[i]&flagInside != 0,
		}))
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

// sound reports whether the columns are of one length and every index is one.
func (c *wireProcs) sound(w *wireCarry) bool {
	within := func(column []int, most int) bool {
		for _, i := range column {
			if i < 0 || i >= most {
				return false
			}
		}
		return len(column) == len(c.Pid)
	}
	most := len(w.Texts) + 1
	return within(c.Node, len(w.Nodes)) && within(c.Exe, most) && within(c.Line, most) && within(c.User, most) &&
		within(c.Container, most) && within(c.Flags, (flagHasLine|flagInside)+1)
}
