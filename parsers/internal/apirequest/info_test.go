package apirequest

import (
	"fmt"
	"testing"
)

// TestRead has the examples of RequestInfoFactory's own documentation among its
// cases (k8s.io/apiserver, pkg/endpoints/request, requestinfo.go).
func TestRead(t *testing.T) {
	for _, c := range []struct{ method, uri, want string }{
		{"GET", "/api/v1/secrets?limit=500", "list |v1 / secrets  "},
		{"LIST", "/api/v1/secrets?limit=500", "list |v1 / secrets  "},
		{"GET", "/api/v1/namespaces/kube-system/secrets", "list |v1 kube-system/ secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets/db", "get |v1 prod/db secrets  "},
		{"HEAD", "/api/v1/namespaces/prod/secrets/db", "get |v1 prod/db secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?watch=true", "watch |v1 prod/ secrets  "},
		{"WATCH", "/api/v1/namespaces/prod/secrets?watch=true&resourceVersion=7", "watch |v1 prod/ secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?watch=false", "list |v1 prod/ secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?watch=0", "list |v1 prod/ secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?watch", "watch |v1 prod/ secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?%77atch=1", "watch |v1 prod/ secrets  "},
		{"WATCH", "/api/v1/namespaces/prod/secrets?fieldSelector=metadata.name%3Ddb&watch=true", "watch |v1 prod/db secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?fieldSelector=type%3DOpaque%2Cmetadata.name%3D%3Ddb", "list |v1 prod/db secrets  "},
		{"GET", "/api/v1/secrets?fieldSelector=metadata.name%21%3Ddb", "list |v1 / secrets  "},
		{"GET", "/api/v1/watch/namespaces/prod/secrets", "watch |v1 prod/ secrets  "},
		{"GET", "/api/v1/watch/secrets", "watch |v1 / secrets  "},
		{"POST", "/api/v1/namespaces/prod/pods", "create |v1 prod/ pods  "},
		{"PUT", "/api/v1/namespaces/prod/pods/web", "update |v1 prod/web pods  "},
		{"PATCH", "/apis/apps/v1/namespaces/prod/deployments/web", "patch apps|v1 prod/web deployments  "},
		{"APPLY", "/apis/apps/v1/namespaces/prod/deployments/web?fieldManager=x", "patch apps|v1 prod/web deployments  "},
		{"DELETE", "/api/v1/namespaces/prod/pods/web", "delete |v1 prod/web pods  "},
		{"DELETE", "/api/v1/namespaces/prod/pods", "deletecollection |v1 prod/ pods  "},
		{"POST", "/api/v1/namespaces/prod/pods/web/exec?command=id", "create |v1 prod/web pods exec"},
		{"GET", "/api/v1/namespaces/prod/pods/web/log?follow=true", "get |v1 prod/web pods log"},
		{"POST", "/api/v1/namespaces/ci/serviceaccounts/deployer/token", "create |v1 ci/deployer serviceaccounts token"},
		{"GET", "/api/v1/nodes/w2/proxy/run/prod/web/app", "get |v1 /w2 nodes proxy"},
		{"GET", "/api/v1/proxy/nodes/w2/pods", "proxy |v1 /w2 nodes  "},
		{"GET", "/api/v1/namespaces", "list |v1 / namespaces  "},
		{"GET", "/api/v1/namespaces/prod", "get |v1 prod/prod namespaces  "},
		{"PUT", "/api/v1/namespaces/prod/finalize", "update |v1 prod/prod namespaces finalize"},
		{"PUT", "/api/v1/namespaces/prod/status", "update |v1 prod/prod namespaces status"},
		{"GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin", "get rbac.authorization.k8s.io|v1 /admin clusterroles  "},
		{"BREW", "/api/v1/namespaces/prod/pods", " |v1 prod/ pods  "},
		{"WATCH", "/api/v1/secrets", "watch |v1 / secrets  "}, {"WATCHLIST", "/api/v1/secrets?fieldSelector=spec.nodeName%3Dw2", "watch |v1 / secrets  "},
		{"GET", "/api/v1/namespaces/prod/secrets?limit=1&%66ieldSelector=metadata.name=db", "list |v1 prod/db secrets  "}, {"GET", "/api/v1/secrets?fieldSelector=", "list |v1 / secrets  "},
		{"GET", "/api/v1/secrets?fieldSelector=metadata.name%3Da&fieldSelector=metadata.name%3Db", "list |v1 /a secrets  "}, {"GET", "/api/v1/secrets?labelSelector=metadata.name%3Da", "list |v1 / secrets  "},
		{"POST", "/api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3Da", "create |v1 prod/ pods  "}, {"DELETE", "/api/v1/pods?watch=true", "deletecollection |v1 / pods  "},
		{"GET", "/api/v1/watch", "list |v1 / watch  "}, {"GET", "/apis/metrics.k8s.io/v1beta1/watch/nodes/w2", "watch metrics.k8s.io|v1beta1 /w2 nodes  "}, {"GET", "/api/v1/watch/namespaces/prod/pods/web/log", "watch |v1 prod/web pods  "},
		{"GET", "/api/v1/namespaces/prod/pods/web/", "get |v1 prod/web pods  "}, {"GET", "/logs/Audit.log", "get"}, {"Options", "/x", "options"},
		{"GET", "/api", "get"}, {"GET", "/api/v1", "get"}, {"GET", "/apis/apps", "get"}, {"GET", "/apis/apps/v1", "get"},
		{"POST", "/", "post"}, {"GET", "/healthz", "get"}, {"GET", "", "get"}, {"", "/x", ""}, {"GET", "/api//", "get"},
	} {
		path, query, _ := cutQuery(c.uri)
		i, _ := Read(nil, []byte(c.method), []byte(path), []byte(query))
		got := string(i.Verb)
		if i.IsResource() {
			got = fmt.Sprintf("%s %s|%s %s/%s %s %s", i.Verb, i.Group, i.Version, i.Namespace, i.Name, i.Resource, or(i.Subresource))
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.uri, got, c.want)
		}
	}
}

func or(b []byte) string {
	if len(b) == 0 {
		return " "
	}
	return string(b)
}

func cutQuery(uri string) (path, query string, ok bool) {
	for i := range len(uri) {
		if uri[i] == '?' {
			return uri[:i], uri[i+1:], true
		}
	}
	return uri, "", false
}

func TestKubelet(t *testing.T) {
	for path, want := range map[string]string{
		"/run/kube-system/etcd-0/etcd":             "run kube-system/etcd-0/etcd",
		"/run/kube-system/etcd-0/0a1b2c/etcd":      "run kube-system/etcd-0/etcd",
		"/exec/prod/web-0/app":                     "exec prod/web-0/app",
		"/attach/prod/web-0/app":                   "attach prod/web-0/app",
		"/portForward/prod/web-0":                  "portForward prod/web-0/",
		"/containerLogs/prod/web-0/app":            "containerLogs prod/web-0/app",
		"/checkpoint/prod/web-0/app":               "checkpoint prod/web-0/app",
		"/run/prod/web-0":                          "run prod/web-0/",
		"/run/prod/":                               "run //",
		"/run":                                     "run //",
		"/pods":                                    "pods //",
		"/runningpods/":                            "runningpods //",
		"/cri/exec/Xy7":                            "cri //",
		"/stats/summary":                           "stats //",
		"/logs/messages":                           "logs //",
		"/metrics/cadvisor":                        "metrics //",
		"/configz":                                 "configz //",
		"/debug/pprof/heap":                        "debug //",
		"/api/v1/nodes/w2/proxy/run/prod/web-0/ap": " //",
		"/podsecurity":                             " //",
		"/":                                        " //",
		"":                                         " //",
		"run/prod/web-0/app":                       " //",
	} {
		k := Kubelet([]byte(path))
		got := fmt.Sprintf("%s %s/%s/%s", k.Endpoint, k.Namespace, k.Pod, k.Container)
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestCommandOfTheKubelet(t *testing.T) {
	for uri, want := range map[string]string{
		"/run/prod/web-0/app?cmd=cat+%2Fetc%2Fpasswd":                                                                   "cat /etc/passwd",
		"/exec/prod/web-0/app?command=sh&command=-c&command=id":                                                         "sh -c id",
		"/api/v1/nodes/w/proxy/run/prod/web-0/app?cmd=id&cmd=-u":                                                        "id -u",
		"/api/v1/namespaces/a/pods/b/log?cmd=id":                                                                        "",
		"/api/v1/namespaces/a/pods/b/exec?c=x&command=cmd&cmd=a":                                                        "cmd",
		"/exec/prod/web-0/app?%63ommand=cat%20x&co%6dmand=y":                                                            "cat x y",
		"/exec/prod/web-0/app?command=":                                                                                 "",
		"/exec/prod/web-0/app?%63ommandcommandcommandcommandcommandcommandcommandcommandcommandcommandcommandcommand=x": "",
	} {
		got, _ := AppendCommand(nil, []byte(uri))
		if string(got) != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
}
