package auditd

import "bytes"

// A lineage is what is known of where a process comes from. Its bytes belong
// to the process table, or to the event.
type lineage struct {
	parent    *guise // nil: unknown
	inside    bool   // it runs in a container
	container []byte
}

// procFacts are what a system call says of the process that made it, whichever that
// is.
type procFacts struct {
	called           bool // there is a system call
	executed, forks  bool
	hasLine          bool
	exe, user, line  []byte // line: of what was executed
	subj             []byte
	judged, labelled bool   // subj is a label of containers; known if judged
	guise            *guise // that it gave a process last
	kept             bool   // it is that of a routine
}

// procFacts are those of the event.
func (rd *reading) procFacts() (d procFacts) {
	if d.called = rd.sys != nil; !d.called {
		d.subj = rd.subject()
		return d
	}
	d.exe, d.user, d.subj = rd.get(rd.sys, idExe), rd.g.value(rd.sys, idUID), rd.g.value(rd.sys, idSubj)
	d.forks = isFork(rd.syscall)
	if d.executed = isExec(rd.syscall) && string(rd.g.value(rd.sys, idSuccess)) != "no"; d.executed {
		d.line = rd.commandLine()
		d.hasLine = d.line != nil
	}
	return d
}

// subject is the security label of whoever caused an event without a system call:
// AVC records have it under a name of their own, and AppArmor's have a profile.
func (rd *reading) subject() []byte {
	for _, id := range [...]nameID{idSubj, idScontext} {
		if v := rd.sysValue(id); !absent(v) {
			return v
		}
	}
	if r := rd.g.record(typeAVC); r != nil {
		return rd.get(r, idProfile)
	}
	return nil
}

// share makes the texts of d those that entries of t share.
func (d *procFacts) share(t *procTable) {
	d.exe, d.user, d.line = t.share(d.exe), t.share(d.user), t.share(d.line)
}

// observe tells the process table of an event and reads the lineage of the
// process that caused it.
func (rd *reading) observe(t *procTable, node uint64, do *procFacts) {
	if !do.called {
		rd.logged(do)
		return
	}
	pid, ok := rd.process(idPid)
	if !ok || pid > 1<<31 {
		return
	}
	var parent *proc
	if ppid, ok := rd.process(idPpid); ok && ppid < 1<<31 {
		if parent = t.lookup(procKey{node, uint32(ppid)}); parent != nil {
			t.renew(parent)
		}
	}
	p := t.touch(procKey{node, uint32(pid)})
	rd.learn(t, p, parent, do)
	rd.lineage.inside = p.guise.inside
	if len(p.guise.container) > 0 {
		rd.lineage.container = p.guise.container
	}
	rd.logged(do)
	if do.forks && !rd.lineage.inside { // what fork returns in a container is a number of its own namespace
		if child, ok := rd.exit(); ok && child > 0 && child < 1<<31 {
			t.fork(p, procKey{node, uint32(child)})
		}
	}
	if parent != nil {
		rd.lineage.parent = parent.guise // it may be the process itself, or what it forked
	}
	t.trim()
}

// process is the id of the process that made the system call, or of its parent.
func (rd *reading) process(id nameID) (uint64, bool) {
	switch k := &rd.g.gist; {
	case rd.sys != nil && rd.sys.stencil == nil:
		return decimal(rd.g.value(rd.sys, id))
	case id == idPpid:
		return k.ppid, k.hasPpid
	default:
		return k.pid, k.hasPid
	}
}

// learn updates the entry of the process itself.
func (rd *reading) learn(t *procTable, p, parent *proc, do *procFacts) {
	if !do.executed && bytes.Equal(p.guise.exe, do.exe) {
		return
	}
	g := guise{exe: do.exe, user: do.user, line: do.line[:min(len(do.line), maxProcLine)], hasLine: do.hasLine, container: p.guise.container, inside: p.guise.inside}
	if parent == p {
		g.inherit(&g)
	} else if parent != nil {
		g.inherit(parent.guise)
	}
	if do.guise == nil || !do.guise.same(&g) {
		do.guise = t.shared(&g)
		if do.kept {
			do.guise.held++ // for as long as there are routines
		}
	}
	t.wear(p, do.guise)
}

// inherit says whether a process runs in a container, by its parent: children
// of a container's process do, and what a runtime starts that is none of its
// own programs.
func (g *guise) inherit(parent *guise) {
	switch {
	case parent.inside:
		g.inside = true
		g.container = parent.container
	case isRuntime(parent.exe) && !isRuntime(g.exe) && !isHelper(base(g.exe)):
		g.inside = true
		g.container = containerID(parent.line)
	}
}

// isRuntime reports whether a program starts the processes of containers.
// runc runs itself from a copy in memory: /memfd:runc_cloned:/proc/self/exe.
func isRuntime(exe []byte) bool {
	if bytes.HasPrefix(exe, []byte("/memfd:runc")) {
		return true
	}
	switch string(base(exe)) {
	case "runc", "crun", "youki", "runsc", "kata-runtime", "docker-runc", "conmon", "conmonrs",
		"docker-containerd-shim", "containerd-shim", "containerd-shim-runc-v1", "containerd-shim-runc-v2":
		return true
	}
	return false
}

// isHelper reports whether a runtime starts a program on the host itself: what
// cleans up after a container, sets up its network or its devices.
func isHelper(name []byte) bool {
	switch string(name) {
	case "podman", "crio", "dockerd", "docker-proxy", "containerd", "docker-init", "nvidia-container-runtime-hook", "nvidia-container-cli", "iptables", "ip", "systemd":
		return true
	}
	return false
}

// containerID finds the id of a container on the command line of a runtime: the
// first run of exactly 64 hexadecimal digits (the value of -id, a part of
// --bundle, or the last word).
func containerID(line []byte) []byte {
	for i := 0; i < len(line); {
		n := i
		for n < len(line) && isLowerHex(line[n]) {
			n++
		}
		if n-i == 64 {
			return line[i:n]
		}
		i = n + 1
	}
	return nil
}

func isLowerHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

// logged takes over what the record itself says about the container: laurel
// and go-audit look it up while the process lives; a security label tells
// without an id.
func (rd *reading) logged(do *procFacts) {
	if do.judged { // of lines of a log
		rd.lineage.inside = rd.lineage.inside || do.labelled
		return
	}
	for i := range rd.g.recs {
		r := &rd.g.recs[i]
		if r.form == rawForm && len(rd.g.raws) == len(rd.g.recs) {
			break // lines of a log
		}
		f := rd.g.find(r, idContainerID)
		if f == nil || (f.part != enriched && r.form != readForm) {
			continue // not from whoever rendered the record
		}
		if id := rd.g.text(f.value); len(id) > 0 {
			rd.lineage.inside, rd.lineage.container = true, id
			return
		}
	}
	if !rd.lineage.inside {
		rd.lineage.inside = rd.labelled(do.subj)
	}
}

// labelled reports whether a security label is one of containers. It remembers
// the last one.
func (rd *reading) labelled(subj []byte) bool {
	m := &rd.label
	if m.known && string(m.subj) == string(subj) {
		return m.labelled
	}
	m.known, m.subj, m.labelled = true, append(m.subj[:0], subj...), false
	for _, label := range containerLabels {
		if bytes.Contains(subj, label) {
			m.labelled = true
			break
		}
	}
	return m.labelled
}

// A labelMemo is a security label, and whether it is one of containers.
type labelMemo struct {
	known, labelled bool
	subj            []byte
}

// containerLabels are the SELinux types and AppArmor profiles under which
// runtimes run containers.
var containerLabels = [][]byte{
	[]byte(":container_t:"), []byte(":svirt_lxc_net_t:"), []byte(":container_init_t:"), []byte(":spc_t:"),
	[]byte("docker-default"), []byte("cri-containerd.apparmor.d"), []byte("crio-default"), []byte("containers-default"),
}

// lineageFields appends what is known of the parent and the container.
func (rd *reading) lineageFields(dst [][]byte, s special) [][]byte {
	l, p := &rd.lineage, rd.lineage.parent
	switch s {
	case theInContainer:
		if l.inside {
			dst = append(dst, wordTrue)
		}
		return dst
	case theContainerID:
		if len(l.container) > 0 {
			dst = append(dst, l.container)
		}
		return dst
	}
	if p == nil || len(p.exe) == 0 {
		return rd.loggedParent(dst, s)
	}
	switch s {
	case theParentBase:
		return append(dst, base(p.exe))
	case theParentExe:
		return append(dst, p.exe)
	case theParentLine:
		if p.hasLine {
			dst = append(dst, p.line)
		}
	case theParentUser:
		if len(p.user) > 0 {
			if name := knownID(p.user); !bytes.Equal(name, p.user) {
				dst = append(dst, name)
			}
			dst = append(dst, p.user)
		}
	}
	return dst
}

// loggedParent is the parent that laurel found.
func (rd *reading) loggedParent(dst [][]byte, s special) [][]byte {
	exe := rd.g.value(rd.sys, idParentExe)
	if len(exe) == 0 {
		return dst
	}
	switch s {
	case theParentBase:
		return append(dst, base(exe))
	case theParentExe:
		return append(dst, exe)
	}
	return dst
}
