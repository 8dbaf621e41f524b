package auditd

import (
	"fmt"

	"tideline/parsers"
)

// A serialWatch finds holes in the serial numbers of events. The kernel numbers
// events one by one from its start, so that a number that is missing is a
// record that was lost or taken away (audit_serial in kernel/audit.c).
type serialWatch struct {
	nodes map[string]*nodeSerial
}

type nodeSerial struct {
	last uint32
	time int64
}

// maxNodes is how many nodes of one stream are watched.
const maxNodes = 1024

// restartDistance is how far back a number must fall, at a later time, to mean
// that the machine was started again.
const restartDistance = 4096

// leave is told of every event as it leaves the window; w holds those still
// open, which arrived out of order. It returns the remark of a hole, or nil.
func (s *serialWatch) leave(g *group, w *window) *parsers.RecordError {
	if g.stamp.has&hasSerial == 0 || g.stamp.serial > 1<<32-1 || g.ofDaemon() {
		return nil
	}
	node := g.text(g.node)
	n := s.nodes[string(node)]
	serial := uint32(g.stamp.serial)
	if n == nil {
		if s.nodes == nil {
			s.nodes = make(map[string]*nodeSerial)
		}
		if len(s.nodes) < maxNodes {
			s.nodes[string(node)] = &nodeSerial{serial, g.stamp.sec}
		}
		return nil
	}
	step := serial - n.last // wraps as the kernel's counter does
	switch {
	case step == 0:
		return nil
	case step == 1:
		n.last, n.time = serial, g.stamp.sec
		return nil
	case step >= 1<<31:
		if -step > restartDistance && g.stamp.sec >= n.time {
			n.last, n.time = serial, g.stamp.sec
		}
		return nil
	}
	from, missing := n.last+1, int64(step)-1
	w.serials(node, func(open uint64) {
		if d := uint32(open) - n.last; d > 0 && d < step {
			missing--
		}
	})
	n.last, n.time = serial, g.stamp.sec
	if missing <= 0 {
		return nil
	}
	return gap(node, from, serial-1, missing)
}

func gap(node []byte, from, to uint32, missing int64) *parsers.RecordError {
	where := ""
	if len(node) > 0 {
		where = fmt.Sprintf(" of node %.64q", node)
	}
	what := fmt.Sprintf("%d events%s between serial numbers %d and %d are", missing, where, from, to)
	switch {
	case from == to:
		what = fmt.Sprintf("event %d%s is", from, where)
	case missing == 1:
		what = fmt.Sprintf("1 event%s between serial numbers %d and %d is", where, from, to)
	}
	return &parsers.RecordError{
		Code: "audit.serial_gap", Note: true, Kept: true,
		Reason: what + " not in this log: lost, excluded or removed before it was collected",
		Lift:   "collect all files of the rotation set (audit.log, audit.log.1, ...), and look for DAEMON_END, CONFIG_CHANGE and \"backlog limit exceeded\" near this place",
	}
}
