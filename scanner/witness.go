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
	seen []witness // within joinWindow of now
}

// A witness is an act with a principal, that a nameless act may belong to.
type witness struct {
	time    time.Time
	actor   finding.ActorRef
	host    string
	pod     string // of an exec through the API server
	ns      string
	command string
}

// resolve returns the link by which the nameless act h belongs to an actor, and
// that actor; nil if h has a principal of its own, or if no witness or more
// than one actor fits.
func (w *witnesses) resolve(h *finding.Hit) (*finding.ActorRef, *finding.Link) {
	w.forget(h.Time.Time)
	defer w.remember(h)
	switch parsers.ActorKind(h.Actor.Kind) {
	case parsers.DockerClient:
		return w.match(h, func(x *witness) string { return x.askedDaemon(h) })
	case parsers.ContainerProcess:
		return w.match(h, func(x *witness) string { return x.started(h) })
	}
	return nil, nil
}

// match finds the one actor for which fits gives a reason.
func (w *witnesses) match(h *finding.Hit, fits func(*witness) string) (*finding.ActorRef, *finding.Link) {
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
	if x.host == "" || x.host != h.Host || !runtimeClient(x.command) {
		return ""
	}
	names := h.Container.Name != "" && strings.Contains(x.command, h.Container.Name) ||
		len(h.Container.ID) >= 12 && strings.Contains(x.command, h.Container.ID[:12])
	if !names && h.Command != "" {
		return ""
	}
	return fmt.Sprintf("%s ran %q on %s %s before", x.actor.Name, shorten(x.command, 80), x.host, ago(x.time, h.Time.Time))
}

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
// of the same command into the pod.
func (x *witness) started(h *finding.Hit) string {
	if x.pod == "" || x.command == "" || x.command != h.Command {
		return ""
	}
	if h.Container.Pod != "" && (h.Container.Pod != x.pod || h.Container.Namespace != x.ns) {
		return ""
	}
	return fmt.Sprintf("%s ran the same command in pod %s/%s through the API server %s before", x.actor.Name, x.ns, x.pod, ago(x.time, h.Time.Time))
}

func ago(then, now time.Time) string {
	return fmt.Sprintf("%.1f s", now.Sub(then).Seconds())
}

// remember keeps h as a witness if it has a principal and a command.
func (w *witnesses) remember(h *finding.Hit) {
	kind := parsers.ActorKind(h.Actor.Kind)
	if h.Time.IsZero() || h.Command == "" && !strings.HasSuffix(h.Target.Name, ".sock") {
		return
	}
	x := witness{time: h.Time.Time, actor: h.Actor, host: h.Host, command: orElse(h.Command, h.Target.Name)}
	switch {
	case kind == parsers.LinuxUser:
	case kind.Kubernetes() && h.Target.Kind == "pods/exec" && h.Outcome != "denied":
		x.pod, x.ns = h.Target.Name, h.Target.Namespace
	default:
		return
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
