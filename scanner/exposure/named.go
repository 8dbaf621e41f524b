package exposure

import (
	"strings"

	"tideline/scanner/finding"
)

// lineOf is the line that an exposure belongs to. Rules name a pod in the way their
// log does: by the resource of the request ("of pods web-0"), by the path of the
// kubelet ("pod prod/web-0", the namespace within) or by name ("pod web-0"). It is one
// pod and one thing to rotate.
func lineOf(e *finding.Exposed) key {
	k := key{e.Kind, e.Namespace, e.Name}
	if k.kind == "environment" {
		if pod, ok := strings.CutPrefix(k.name, "of pods "); ok {
			k.name = "pod " + withoutPort(pod)
		}
	}
	if before, pod, ok := strings.Cut(k.name, "in reach of pods "); ok && before == "" {
		k.name = "in reach of pod " + pod
	}
	if k.namespace != "" {
		return k
	}
	for _, what := range [...]string{"pod ", "in reach of pod "} {
		if place, ok := strings.CutPrefix(k.name, what); ok {
			if namespace, pod, ok := strings.Cut(place, "/"); ok && namespace != "" && pod != "" && !strings.ContainsAny(pod, "/ ") {
				k.namespace, k.name = namespace, what+pod
			}
		}
	}
	return k
}

// withoutPort is the name of a pod as the API server's proxy is asked for it:
// "web-0", "web-0:8080" or "https:web-0:8443".
func withoutPort(pod string) string {
	if rest, ok := strings.CutPrefix(pod, "https:"); ok {
		pod = rest
	} else if rest, ok := strings.CutPrefix(pod, "http:"); ok {
		pod = rest
	}
	pod, _, _ = strings.Cut(pod, ":")
	return pod
}
