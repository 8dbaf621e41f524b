// Package apirequest reads requests to the API of Kubernetes and to that of the
// kubelet, as far as their method and address tell: which verb on which object, by
// which command in which pod. It has what audit events and access lines are to say
// alike.
//
// It goes by what the servers do with the address themselves: of the API server
// RequestInfoFactory.NewRequestInfo (k8s.io/apiserver, pkg/endpoints/request,
// requestinfo.go, v0.18 to v0.33), of the kubelet the routes of
// InstallDebuggingHandlers and InstallDefaultHandlers (k8s.io/kubernetes,
// pkg/kubelet/server, server.go, v1.10 to v1.33). Standard library only.
package apirequest
