package apirequest

import "bytes"

// A KubeletCall is a request to a kubelet's own interface. /logs, /debug, /configz and
// /metrics are served by other components as well.
type KubeletCall struct {
	Endpoint                  []byte // run, exec, attach, portForward, containerLogs, checkpoint, pods, runningpods, cri, logs, configz, debug, stats, metrics, spec
	Namespace, Pod, Container []byte // nil where the endpoint is not about one
}

// Kubelet reads a decoded path as a kubelet does; the zero value if it serves none
// such:
//
//	/run/NAMESPACE/POD[/UID]/CONTAINER             also exec, attach
//	/portForward/NAMESPACE/POD[/UID]
//	/containerLogs/NAMESPACE/POD/CONTAINER         also checkpoint
//	/pods, /runningpods/, /cri/..., /logs/..., /configz, /debug/..., /stats/..., /metrics/..., /spec
//
// The container of /run, /exec and /attach is the last part of the path.
func Kubelet(path []byte) KubeletCall {
	if len(path) < 2 || path[0] != '/' {
		return KubeletCall{}
	}
	endpoint, rest := cut(path[1:])
	switch string(endpoint) {
	case "pods", "runningpods", "cri", "logs", "configz", "debug", "stats", "metrics", "spec":
		return KubeletCall{Endpoint: endpoint}
	case "run", "exec", "attach", "portForward", "containerLogs", "checkpoint":
	default:
		return KubeletCall{}
	}
	k := KubeletCall{Endpoint: endpoint}
	namespace, rest := cut(rest)
	pod, rest := cut(rest)
	if len(namespace) == 0 || len(pod) == 0 {
		return k
	}
	k.Namespace, k.Pod = namespace, pod
	if string(endpoint) != "portForward" {
		k.Container = Filled(rest[bytes.LastIndexByte(rest, '/')+1:])
	}
	return k
}
