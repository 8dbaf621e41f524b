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
// uid only on its host, and a Docker client is not named at all.
func Of(ev *parsers.Event, path string, texts *text.Recent) finding.ActorRef {
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
	ref.ID = text.Valid(ID(f.Actor, ref.Name, ref.Address(), Place(ev, path), &ev.Origin))
	return ref
}

// ID is the id of an actor of that kind and name, who came from an address.
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
		return "docker:" + at + suffix("/", name)
	}
	return "unknown:" + at + suffix("/", name)
}

// Place is where an event happened: the host it names, or else the folder or
// file it was found in (source.Place), so that actors of two hosts are never
// merged by accident.
func Place(ev *parsers.Event, path string) string {
	if ev.Origin.Host != "" {
		return ev.Origin.Host
	}
	return path
}

// PlaceOf is the place that the id of an actor on a host is made with.
func PlaceOf(id string) string {
	kind, rest, _ := strings.Cut(id, ":")
	if kind != "linux" && kind != "docker" {
		return ""
	}
	at, _, _ := strings.Cut(rest, "/")
	return at
}

func suffix(sep, s string) string {
	if s == "" {
		return ""
	}
	return sep + s
}
