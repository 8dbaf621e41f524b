package scanner

import (
	"fmt"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// joinWindow is how long after a client's command its request may reach the
// daemon, or its process start in the container, to be told as one act.
const joinWindow = 3 * time.Second

// A witnesses joins what several logs tell of one act. Docker names no client,
// and a process in a container no person; the log that does is a command on
// the same host, or an exec through the API server, moments before. Acts come
// in event-time order.
type witnesses struct {
	seen   []witness // within joinWindow of now, the latest maxWitnesses
	lost   time.Time // of the last one that there was no room for
	unsure int64     // nameless acts that were given to nobody for that reason
}

// maxWitnesses bounds the acts that each nameless one is held against. A host where
// more happen within joinWindow is a machine's, or somebody writes logs to annoy:
// who else may have done it is not known any more, so it is said of nobody.
const maxWitnesses = 1024

// A witness is an act with a principal, that a nameless act may belong to.
type witness struct {
	time    time.Time
	actor   finding.ActorRef
	host    string
	exec    bool   // the command was run in a container
	client  *bool  // whether the command is that of a runtime's client; nil until it is asked
	pod     string // of an exec through the API server
	ns      string
	command string
}

// resolve returns the link by which the nameless act h belongs to an actor, and
// that actor; nil if h has a principal of its own, or if no witness or more
// than one actor fits.
func (w *witnesses) resolve(h *finding.Hit) (*finding.ActorRef, *finding.Link) {
	w.forget(h.Time.Time)
	switch parsers.ActorKind(h.Actor.Kind) {
	case parsers.DockerClient:
		return w.match(h, func(x *witness) string { return orElse(x.askedDaemon(h), x.started(h)) })
	case parsers.ContainerProcess:
		return w.match(h, func(x *witness) string { return x.started(h) })
	case parsers.LinuxUser:
		if !loggedIn(h) {
			return w.match(h, func(x *witness) string { return x.started(h) })
		}
	}
	return nil, nil
}

// loggedIn reports whether a process on a host belongs to a login: the kernel
// then knows its login uid. Others were started by a daemon, a container's
// among them.
func loggedIn(h *finding.Hit) bool { return strings.HasPrefix(h.Actor.Name, "auid=") }

// match finds the one actor for which fits gives a reason.
func (w *witnesses) match(h *finding.Hit, fits func(*witness) string) (*finding.ActorRef, *finding.Link) {
	if !w.lost.IsZero() && h.Time.Sub(w.lost) <= joinWindow {
		w.unsure++
		return nil, nil
	}
	var found *witness
	var why string
	for i := range w.seen {
		x := &w.seen[i]
		reason := fits(x)
		if reason == "" {
			continue
		}
		if found != nil && found.actor.ID != x.actor.ID {
			return nil, nil
		}
		found, why = x, reason
	}
	if found == nil {
		return nil, nil
	}
	actor := found.actor
	return &actor, &finding.Link{Actor: h.Actor.ID, Why: why, Certainty: "likely"}
}

// askedDaemon says why x may be the client of the daemon's event h: a runtime's
// client ran on the same host just before, and named the container if the
// event is about one.
func (x *witness) askedDaemon(h *finding.Hit) string {
	if x.host == "" || x.host != hostOf(h) || !x.runsClient() {
		return ""
	}
	names := h.Container.Name != "" && strings.Contains(x.command, h.Container.Name) ||
		len(h.Container.ID) >= 12 && strings.Contains(x.command, h.Container.ID[:12])
	if !names && h.Command != "" {
		return ""
	}
	return fmt.Sprintf("%s ran %q on %s %s before", x.actor.Name, shorten(x.command, 80), x.host, ago(x.time, h.Time.Time))
}

// runsClient is runtimeClient of its command, which a flood of events would ask for
// again and again.
func (x *witness) runsClient() bool {
	if x.client == nil {
		is := runtimeClient(x.command)
		x.client = &is
	}
	return *x.client
}

// hostOf is the host an act took place on: the one its log names, or else the
// place its actor is named after. What was collected in one folder is of one
// host.
func hostOf(h *finding.Hit) string { return orElse(h.Host, placeOfID(h.Actor.ID)) }

// runtimeClient reports whether a command is that of a client of a container
// runtime's API.
func runtimeClient(command string) bool {
	for _, word := range strings.Fields(command) {
		switch base(word) {
		case "docker", "podman", "nerdctl", "ctr", "crictl", "docker-compose":
			return true
		}
		if strings.HasSuffix(word, "docker.sock") {
			return true
		}
	}
	return false
}

// started says why x may have started the process h in its container: an exec
// of the same command into the pod or the container.
func (x *witness) started(h *finding.Hit) string {
	if !x.exec || x.command == "" || x.command != h.Command || x.host != "" && x.host != hostOf(h) {
		return ""
	}
	if h.Container.Pod != "" && x.pod != "" && (h.Container.Pod != x.pod || h.Container.Namespace != x.ns) {
		return ""
	}
	where := "a container on " + x.host
	if x.pod != "" {
		where = fmt.Sprintf("pod %s/%s through the API server", x.ns, x.pod)
	}
	return fmt.Sprintf("%s ran the same command in %s %s before", x.actor.Name, where, ago(x.time, h.Time.Time))
}

func ago(then, now time.Time) string {
	return fmt.Sprintf("%.1f s", now.Sub(then).Seconds())
}

// remember keeps h, whose actor is resolved, as a witness if it has a principal
// and a command.
func (w *witnesses) remember(h *finding.Hit) {
	kind := parsers.ActorKind(h.Actor.Kind)
	if h.Time.IsZero() || h.Command == "" && !strings.HasSuffix(h.Target.Name, ".sock") {
		return
	}
	x := witness{time: h.Time.Time, actor: h.Actor, host: hostOf(h), command: orElse(h.Command, h.Target.Name)}
	switch {
	case kind.Kubernetes() && h.Target.Kind == "pods/exec" && h.Outcome != "denied":
		x.exec, x.host, x.pod, x.ns = true, "", h.Target.Name, h.Target.Namespace
	case (kind.Kubernetes() || kind == parsers.LinuxUser) && (h.Container.ID != "" || h.Container.Name != ""):
		x.exec, x.pod, x.ns = true, h.Container.Pod, h.Container.Namespace // a nameless act that was resolved
	case kind == parsers.LinuxUser && loggedIn(h):
	default:
		return
	}
	w.add(x)
}

func (w *witnesses) add(x witness) {
	if len(w.seen) == maxWitnesses {
		w.lost, w.seen = w.seen[0].time, w.seen[1:]
	}
	w.seen = append(w.seen, x)
}

func (w *witnesses) forget(now time.Time) {
	n := 0
	for n < len(w.seen) && now.Sub(w.seen[n].time) > joinWindow {
		n++
	}
	w.seen = w.seen[n:]
}
