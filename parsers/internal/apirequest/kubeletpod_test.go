package apirequest

import "testing"

// TestKubeletPod: the pod is named by the path behind nodes/proxy, and by that
// only.
func TestKubeletPod(t *testing.T) {
	for uri, want := range map[string]string{
		"/api/v1/nodes/w2/proxy/run/prod/api-0/api?cmd=id":              "prod/api-0",
		"/api/v1/nodes/w2/proxy/exec/prod/api%2D0/api?command=env":      "prod/api-0",
		"/api/v1/nodes/w2:10250/proxy/containerLogs/prod/api-0/api":     "prod/api-0",
		"/api/v1/nodes/w2/proxy/attach/prod/api-0":                      "prod/api-0",
		"/api/v1/nodes/w2/proxy/checkpoint/prod/api-0/api":              "prod/api-0",
		"/api/v1/nodes/w2/proxy/run/prod/":                              "",
		"/api/v1/nodes/w2/proxy/run/":                                   "",
		"/api/v1/nodes/w2/proxy/pods":                                   "",
		"/api/v1/nodes/w2/proxy/metrics/cadvisor":                       "",
		"/api/v1/namespaces/a/services/b/proxy/run/prod/api-0/api":      "",
		"/api/v1/namespaces/a/pods/b/exec?command=/nodes/proxy/run/a/b": "",
		"": "",
	} {
		if got := string(AppendKubeletPod(nil, []byte(uri))); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
}
