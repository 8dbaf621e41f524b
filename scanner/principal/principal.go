package principal

import (
	"cmp"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// Of names the actor of an event. The id is what findings of one actor
// share, so it holds what tells principals apart and nothing that changes
// between two acts of one: a Kubernetes name is unique in its cluster, a login
// uid only on its host, and a Docker client is not named at all. place is what the
// evidence is called after where it names no host itself: see Place.
func Of(ev *parsers.Event, place string, texts *text.Recent) finding.ActorRef {
	f := &ev.Facts
	ref := finding.ActorRef{
		Kind:         string(f.Actor),
		Name:         texts.Clean(f.Name),
		Groups:       texts.CleanAll(f.Groups[:min(len(f.Groups), text.MaxList)]),
		Impersonated: texts.Clean(f.Impersonated),
		Session:      texts.Clean(f.Session),
		Addresses:    texts.CleanAll(f.Addresses[max(0, len(f.Addresses)-text.MaxList):]), // the last is the one to be trusted
		Agent:        texts.Clean(f.Agent),
	}
	if ref.Kind == "" {
		ref.Kind = string(parsers.UnknownActor)
	}
	if ref.Impersonated != "" {
		ref.Impersonator = ref.Name
	}
	ref.ID = text.Valid(ID(f.Actor, ref.Name, ref.Address(), Place(ev, place), &ev.Origin))
	return ref
}

// ID is the id of an actor of that kind and name, who came from an address; at is its
// Place.
func ID(kind parsers.ActorKind, name, address, at string, o *parsers.Origin) string {
	switch kind {
	case parsers.KubernetesUser, parsers.KubernetesServiceAccount, parsers.KubernetesNode:
		return "k8s:" + name
	case parsers.KubernetesAnonymous:
		return "k8s:" + cmp.Or(name, "unauthenticated") + "@" + cmp.Or(address, "unknown")
	case parsers.KubernetesClient:
		return "k8s-client:" + cmp.Or(address, "unknown@"+at)
	case parsers.LinuxUser:
		return "linux:" + at + "/" + cmp.Or(name, "unknown")
	case parsers.ContainerProcess:
		c := o.Container
		return "container:" + cmp.Or(c.ID, c.Pod, c.Name, at+"/"+cmp.Or(name, "unknown"))
	case parsers.DockerClient:
		return "docker:" + at + below(name)
	}
	return "unknown:" + at + below(name)
}

// below is name as it goes on a place; "" if there is none.
func below(name string) string {
	if name == "" {
		return ""
	}
	return "/" + name
}

// Place is where an event happened: the host it names, or else the place of the
// stream it was read from (source.Place of its path), so that actors of two hosts are
// never merged by accident.
func Place(ev *parsers.Event, place string) string { return cmp.Or(ev.Origin.Host, place) }

// PlaceOf is the place that the id of an actor on a host is made with; "" for any
// other actor.
func PlaceOf(id string) string {
	kind, rest, _ := strings.Cut(id, ":")
	if kind != "linux" && kind != "docker" {
		return ""
	}
	at, _, _ := strings.Cut(rest, "/")
	return at
}
