package auditd

import "bytes"

// A lineage is what is known of where a process comes from. Its bytes belong
// to the process table, or to the event.
type lineage struct {
	parent    *proc // nil: unknown
	inside    bool  // it runs in a container
	container []byte
}

// observe tells the process table of an event and reads the lineage of the
// process that caused it.
func (rd *reading) observe(t *procTable, node uint64) {
	if rd.sys == nil {
		rd.logged()
		return
	}
	pid, ok := decimal(rd.g.value(rd.sys, idPid))
	if !ok || pid > 1<<31 {
		return
	}
	if ppid, ok := decimal(rd.g.value(rd.sys, idPpid)); ok && ppid < 1<<31 {
		if rd.lineage.parent = t.lookup(procKey{node, uint32(ppid)}); rd.lineage.parent != nil {
			t.renew(rd.lineage.parent)
		}
	}
	p := t.touch(procKey{node, uint32(pid)})
	rd.learn(t, p)
	rd.lineage.inside = p.inside
	if len(p.container) > 0 {
		rd.lineage.container = p.container
	}
	rd.logged()
	if child, ok := rd.exit(); ok && child > 0 && child < 1<<31 && isFork(rd.syscall) {
		t.fork(p, procKey{node, uint32(child)})
	}
	t.trim()
}

// learn updates the entry of the process itself.
func (rd *reading) learn(t *procTable, p *proc) {
	exe := rd.get(rd.sys, idExe)
	executed := isExec(rd.syscall) && string(rd.g.value(rd.sys, idSuccess)) != "no"
	if !executed && bytes.Equal(p.exe, exe) {
		return
	}
	t.set(p, exe, rd.g.value(rd.sys, idUID))
	line := []byte(nil)
	if executed {
		line = rd.commandLine()
	}
	t.bytes -= len(p.line)
	p.hasLine = line != nil
	p.line = t.share(line[:min(len(line), maxProcLine)])
	t.bytes += len(p.line)
	if parent := rd.lineage.parent; parent != nil {
		rd.inherit(t, p, parent)
	}
}

// inherit says whether a process runs in a container, by its parent: children
// of a container's process do, and what a runtime starts that is none of its
// own programs.
func (rd *reading) inherit(t *procTable, p, parent *proc) {
	t.update(p, func(p *proc) {
		switch {
		case parent.inside:
			p.inside = true
			p.container = parent.container
		case isRuntime(parent.exe) && !isRuntime(p.exe) && !isHelper(base(p.exe)):
			p.inside = true
			p.container = t.share(containerID(parent.line))
		}
	})
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
func (rd *reading) logged() {
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
	if rd.lineage.inside || rd.sys == nil {
		return
	}
	subj := rd.g.value(rd.sys, idSubj)
	for _, label := range containerLabels {
		if bytes.Contains(subj, label) {
			rd.lineage.inside = true
			return
		}
	}
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
