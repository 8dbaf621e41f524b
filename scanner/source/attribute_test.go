package source

import (
	"strings"
	"testing"
)

// A form is compiled when it is first needed, so a fault in one would show at a customer's.
func TestNameFormsCompileAndNeedTheirWord(t *testing.T) {
	for _, f := range nameForms {
		if expr := f.compiled().String(); !strings.Contains(strings.ReplaceAll(expr, `\`, ""), f.word) {
			t.Errorf("%s does not need %q", expr, f.word)
		}
	}
}

func TestAttribute(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	uid := "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
	for _, c := range []struct {
		path string
		want Attribution
	}{
		{"audit.log", Attribution{}},
		{"", Attribution{}},
		{"case/sosreport-web01-2026-03-01-abcdefg.tar.xz!sosreport-web01-2026-03-01-abcdefg/var/log/audit/audit.log", Attribution{Host: "web01"}},
		{"sosreport-db-7-01234567-2026-03-01-abcdefg.tar.gz", Attribution{Host: "db-7"}},
		{"uac-node-3-linux-20260301101112.tar.gz![root]/var/log/audit/audit.log", Attribution{Host: "node-3"}},
		{"Collection-worker_1-2026-03-01T10_11_12_Z.zip!uploads/auto/var/log/audit/audit.log", Attribution{Host: "worker_1"}},
		{"catscale_h1-20260301-1011.tar.gz!catscale_out/Logs/h1-20260301-1011-var-log.tar.gz!var/log/syslog", Attribution{Host: "h1"}},
		{"eks_i-0123456789abcdef0_2026-03-01_1011-UTC_0.7.8.tar.gz!var_log/messages", Attribution{Host: "i-0123456789abcdef0"}},
		{"must-gather.local.123/quay-io-x/audit_logs/kube-apiserver/master-0.lab.example.com-audit-2026-03-01T10-11-12.123.log.gz",
			Attribution{Host: "master-0.lab.example.com", Cluster: "must-gather.local.123"}},
		{"must-gather.local.123.tar.gz!must-gather.local.123/x/namespaces/prod/pods/web-0/app/app/logs/current.log",
			Attribution{Cluster: "must-gather.local.123", Namespace: "prod", Pod: "web-0", Container: "app"}},
		{"inspect.local.9/namespaces/prod/core/events.yaml", Attribution{Cluster: "inspect.local.9", Namespace: "prod"}},
		{"/var/log/pods/prod_web-0_" + uid + "/app/0.log.20260301-101112.gz", Attribution{Namespace: "prod", Pod: "web-0", Container: "app"}},
		{"x.zip!var/log/pods/kube-system_etcd-m0_" + strings.ReplaceAll(uid, "-", "") + "/etcd/1.log", Attribution{Namespace: "kube-system", Pod: "etcd-m0", Container: "etcd"}},
		{"/var/log/containers/web-0_prod_app-" + id + ".log", Attribution{Pod: "web-0", Namespace: "prod", Container: "app"}},
		{"/var/log/pods/prod_web-0_4f0c1b/app/0.log", Attribution{Namespace: "prod", Pod: "web-0", Container: "app"}},
		{"x.tgz!pods/prod_web-0_UID/app/12.log.20260301-101112.gz", Attribution{Namespace: "prod", Pod: "web-0", Container: "app"}},
		{"prod_web-0_backup/app/notes.log", Attribution{}},
		{"/var/log/containers/web-0_prod_app-4f0c1b2a3d4e.log", Attribution{Pod: "web-0", Namespace: "prod", Container: "app"}},
		{"/var/lib/docker/containers/4f0c1b2a3d4e/4f0c1b2a3d4e-json.log", Attribution{Container: "4f0c1b2a3d4e"}},
		{"/var/lib/docker/containers/" + id + "/" + id + "-json.log.1.gz", Attribution{Container: id}},
		{"/var/lib/docker/containers/" + id + "/config.v2.json", Attribution{Container: id}},
		{"var/lib/containers/storage/overlay-containers/" + id + "/userdata/ctr.log", Attribution{Container: id}},
		{"sosreport-h-2026-03-01-abcdefg/sos_commands/docker/containers/docker_logs_-t_4f0c1b2a3d4e", Attribution{Host: "h", Container: "4f0c1b2a3d4e"}},
		{"sos_commands/podman/containers/podman_logs_-t_web_1", Attribution{Container: "web_1"}},
		{"sos_commands/crio/containers/logs/crictl_logs_-t_" + id, Attribution{Container: id}},
		{"uac-h-linux-20260301101112.tar.gz!live_response/containers/docker_container_logs_4f0c1b2a3d4e.txt", Attribution{Host: "h", Container: "4f0c1b2a3d4e"}},
		{"live_response/containers/podman_container_logs_4f0c1b2a3d4e.txt", Attribution{Container: "4f0c1b2a3d4e"}},
		{"live_response/containers/docker_container_ls.txt", Attribution{}},
		{"docker_logs_folder/other.txt", Attribution{}},
		{"logs/prod_web-7d4b9c-xk2lp_app.log", Attribution{Namespace: "prod", Pod: "web-7d4b9c-xk2lp", Container: "app"}},
		{"notes/my_old_file.log", Attribution{}},
		{"dump/prod/web-0/logs.txt", Attribution{Namespace: "prod", Pod: "web-0"}},
		{"support-bundle-2026-03-01T10_11_12.tar.gz!support-bundle-2026-03-01T10_11_12/cluster-resources/pods/logs/prod/web-0/app-previous.log",
			Attribution{Cluster: "support-bundle-2026-03-01T10_11_12", Namespace: "prod", Pod: "web-0", Container: "app"}},
		{"nodes/worker-1/kubelet.log", Attribution{Host: "worker-1"}},
		{`C:\case\uac-h-linux-20260301101112.zip![root]\var\log\syslog`, Attribution{Host: "h"}},
		{"outer-uac-x/uac-a-linux-20260301101112.tar!sosreport-b-2026-03-01-abcdefg/x", Attribution{Host: "b"}},
	} {
		if got := Attribute(c.path); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.path, got, c.want)
		}
	}
}

func FuzzAttribute(f *testing.F) {
	f.Add("a/b!c/d")
	f.Add("namespaces/x/pods/y")
	f.Fuzz(func(t *testing.T, path string) {
		if a, b := Attribute(path), Attribute(path); a != b {
			t.Errorf("%q: %+v and then %+v", path, a, b)
		}
	})
}
