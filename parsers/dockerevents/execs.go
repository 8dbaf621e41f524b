package dockerevents

// docker exec makes two events: exec_create and, when the process starts, exec_start. Both
// have the command, and rules ask for the first. A log that begins between the two, or was
// kept with --filter event=exec_start, has the second alone: then that one begins the exec,
// and docker.action gives both words. So the decoder counts what was created and has not
// started.
//
// Source: moby, daemon/exec.go (ContainerExecCreate, ContainerExecStart), v29.

// execs are how many were created and not started, by the key of container and command: the
// id of the exec, which older engines do not tell, is not needed for that.
type execs map[uint64]uint32

// maxExecs is how many of those are followed before all are forgotten: then what starts is
// told twice.
const maxExecs = 4096

// begins reports whether an event of that verb is the first that tells of its exec.
func (e execs) begins(verb []byte, key uint64) bool {
	switch {
	case string(verb) == execCreated:
		e.created(key)
		return true
	case string(verb) != execStarted || key == 0:
		return false
	}
	left, created := e[key]
	if left--; created && left > 0 {
		e[key] = left
	} else {
		delete(e, key)
	}
	return !created
}

func (e execs) created(key uint64) {
	if key == 0 {
		return
	}
	if _, known := e[key]; !known && len(e) >= maxExecs {
		clear(e)
	}
	e[key]++
}

// What Docker calls the two.
const (
	execCreated = "exec_create"
	execStarted = "exec_start"
)

// execKey is the key of what is run in a container; 0 if either is not told.
func execKey(id, command []byte) uint64 {
	if len(id) == 0 || command == nil {
		return 0
	}
	return probeKey(id, command)
}
