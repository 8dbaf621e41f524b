package finding

import "testing"

func TestCredentialText(t *testing.T) {
	for _, c := range []struct{ kind, namespace, name, want string }{
		{"secret", "prod", "db", "secret prod/db"}, {"secret", "", "db", "secret db"},
		{"secret", "prod", "*", "every secret in prod"}, {"secret", "", "*", "every secret of the cluster"},
		{"secret", "prod", "* with owner=helm", "every secret in prod with owner=helm"}, {"secret", "", "* with a=b", "every secret of the cluster with a=b"},
		{"file", "prod", "pod db-0", "file in pod prod/db-0"}, {"file", "", "/etc/x", "file /etc/x"},
		{"cloud-credential", "", "*", "every cloud-credential within reach"},
		{"cloud-credential", "prod", "node role of pod web-0", "cloud-credential node role of pod web-0 in prod"},
		{"secret", "", "in a store of secrets", "secret in a store of secrets"},
		{"environment", "prod", "of pods web:8080", "environment of pods web:8080 in prod"},
		{"certificate", "", "* with", "certificate * with"},
	} {
		if got := CredentialText(c.kind, c.namespace, c.name); got != c.want {
			t.Errorf("%v: %q, want %q", c, got, c.want)
		}
	}
}
