package kubehttp

import "tideline/parsers"

// mapping is what the fields of rules stand for.
var mapping = []parsers.Mapping{
	{Field: "*", Is: "the key of the line of that name: latency, srcIP, apf_pl, apf_fs, traceID, addedInfo (JSON only)"},
	{Field: "kubernetes.audit.*", Is: "the same without that prefix (Elastic)"},
	{Field: "verb", Is: "get, list, watch, create, update, patch, delete or deletecollection, made of method, path and query as the API server does; of no object, the method in small letters"},
	{Field: "http.verb", Is: "as logged: the method, or LIST, WATCH, APPLY"},
	{Field: "requestURI URI", Is: "path and query of the request, as sent"},
	{Field: "userAgent", Is: "what the client calls itself"},
	{Field: "sourceIPs", Is: "the address of the TCP peer, which may be a proxy; what a client says in X-Forwarded-For is not logged"},
	{Field: "responseStatus.code", Is: "resp; 101 for a connection that was hijacked, for that is one that switched protocols"},
	{Field: "auditID", Is: "audit-ID, cut to 64 characters"},
	{Field: "stage", Is: "ResponseComplete: the line is written behind the answer"},
	{Field: "objectRef.resource resource objectRef.subresource subresource objectRef.namespace namespace objectRef.name name", Is: "made of the path, and for list and watch of fieldSelector=metadata.name; the name of an object that is created is not logged"},
	{Field: "objectRef.apiGroup apiGroup objectRef.apiVersion", Is: "made of the path; the core group is left out"},
	{Field: "k8s.ok", Is: "whether the status is 200-299 or 101: true, false"},
	{Field: "k8s.scope", Is: "how much one request reaches: object, namespace or cluster"},
	{Field: "k8s.cmd", Is: "decoded command= parameters, joined by spaces (/run: cmd=); if paths or words in them are spelled oddly, the plain spelling besides"},
	{Field: "k8s.path", Is: "decoded path"},
	{Field: "k8s.kubeletPod kubelet.pod", Is: "namespace/pod that a call of a kubelet names, direct or through nodes/proxy"},
	{Field: "kubelet.endpoint", Is: "of a call of a kubelet's own interface: run, exec, attach, portForward, containerLogs, checkpoint, pods, runningpods, cri, stats, spec; and logs, debug, configz, metrics, which other components serve as well"},
	{Field: "kubelet.container", Is: "container that such a call names"},
	{Field: "k8s.src_public", Is: "whether the address is globally routable: true, false"},
	{Field: "host", Is: "the node whose component logged, as far as its envelope or path tells"},
	{Field: "http.program", Is: "whether the client calls itself as programs of the cluster do: true, false"},
}
