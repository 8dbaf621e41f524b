// Package kubehttp reads what the components of Kubernetes log of the requests that
// they serve: the access lines of kube-apiserver, kubelet, controller manager,
// scheduler and aggregated API servers. For a call straight at a kubelet's port they
// are the only trace there is.
//
// # Format
//
// Lines of klog, written at -v=3 and above (at 2 in the oldest releases) by package
// httplog, whose shape depends on the release:
//
//	up to 1.17  I0607 10:01:02.123456       1 httplog.go:79] GET /api/v1/secrets: (1.2ms) 200 [kubectl/v1.15 (linux/amd64) ... 10.0.0.1:5312]
//	1.18, 1.19  ... httplog.go:90] verb="GET" URI="/api/v1/secrets" latency=1.2ms resp=200 UserAgent="kubectl/v1.18 ..." srcIP="10.0.0.1:5312":
//	1.20 and on ... httplog.go:132] "HTTP" verb="LIST" URI="/api/v1/secrets" latency="1.2ms" userAgent="kubectl/v1.30 ..." audit-ID="0b3c..." srcIP="10.0.0.1:5312" apf_pl="exempt" resp=200
//	JSON        {"ts":1717754462123.456,"caller":"httplog/httplog.go:132","msg":"HTTP","v":3,"verb":"LIST","URI":"/api/v1/secrets",...}
//
// in whatever container output, journal or export they come in; the current shape also
// without its head, as shippers that understand klog hand it on. The name of the
// source file is not looked at (wrap.go and server.go in old releases).
//
// Other lines of klog are foreign: in a container's output they are output, elsewhere
// package formats notes them (klog.other).
//
// # Time
//
// The head has neither year nor zone, and neither is guessed: as with syslog's old
// stamps, a line that nothing wraps has no time. With the time of an envelope, second
// and microsecond are those of the head. JSON has the whole time. A line is written
// when its request is done; the event is at the time it came in, which is the line's
// less its latency.
//
// # Fields
//
// mapping.go has the table of all fields, which `tideline rules show --fields` prints.
// Verb and object are made of method and path as the API server makes them (package
// apirequest), under the names that audit events have for them.
//
// An event has a view for rules on product kubernetes, service httplog. Requests to the
// API of a client that people and scripts use have a second one, for rules on service
// audit. Without the user, those rules would take what controllers do all day for
// theft; so clients that call themselves programs of the cluster are left to the former
// (client.go). Needs says which fields no line has.
//
// Facts name no principal: the actor is an address (KubernetesClient), and what is
// found of it weighs less. Where the audit log tells of the same request (by audit-ID
// and address), package scanner keeps that.
//
// # Grouping
//
// None. A text of several lines (statusStack, addedInfo) follows on lines of its own,
// which are foreign.
//
// # Where things are
//
//	format.go                           what is an access line
//	access.go text.go old.go json.go    what it says, in whichever shape
//	time.go client.go                   when the request came in; whose programs are the cluster's
//	decoder.go remark.go                events, and what has to be said of a line besides
//	view.go mapping.go                  the fields
//
// # Losses
//
// Notes: klog.ambiguous. Gaps: klog.no_request, klog.unclosed_quote, klog.too_many_keys,
// json.damaged; line.truncated_tail; line.broken, where a line breaks off and the next
// stands behind it.
//
// Not logged at all: the user, what was sent and answered, X-Forwarded-For, and below
// -v=3 everything, failures and hijacked connections included. The kubelet has the
// command of /run only if it is in the address, and not in the body of the POST. Of
// calls that the API server passes on to a kubelet (exec, attach, port-forward) the
// kubelet logs the client's name and the API server's address.
//
// # Forgery
//
// A client chooses its user agent and, within limits, its address and audit-ID. From
// 1.18 on they are quoted (strconv.Quote), and nothing in them can end the quotes. Up
// to 1.17 they are not: a client can write an answer into its name. Such a line is
// noted, and its status not believed; that it was a request, and from which address,
// is sure all the same. Any process whose output is logged can print whole lines; the
// finding names the container that did.
//
// # Sources
//
// kubernetes/kubernetes: staging/src/k8s.io/apiserver/pkg/server/httplog/httplog.go of
// v1.18, v1.23 and v1.31, and before with glog; pkg/kubelet/server/server.go (ServeHTTP);
// k8s.io/klog v2: internal/serialize/keyvalues.go; k8s.io/component-base: logs/json;
// kubernetes/enhancements: KEP-1602, structured logging, which has lines of 1.17; lines of
// v1.13, v1.22, v1.24, v1.28 and v1.30 in public notes and issues.
package kubehttp
