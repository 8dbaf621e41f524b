package tally

import "testing"

func TestALogOfChangesOnlyIsToldApart(t *testing.T) {
	row := func(actor, action, kind string) (PrincipalKey, *PrincipalRow) {
		return PrincipalKey{Actor: actor, Action: action, Kind: kind}, &PrincipalRow{Allowed: 12, Denied: 1}
	}
	for _, c := range []struct {
		name string
		rows [][3]string
		lost int64
		want int64
	}{
		{"changes", [][3]string{{"k8s:eve", "create", "secrets"}, {"k8s:system:node:n1", "patch", "nodes/status"}}, 0, 26},
		{"and commands in pods", [][3]string{{"k8s:eve", "create", "secrets"}, {"k8s:eve", "get", "pods/exec"}}, 0, 26},
		{"somebody reads", [][3]string{{"k8s:eve", "create", "secrets"}, {"k8s:eve", "list", "pods"}, {"k8s:eve", "patch", "pods"}}, 0, 0},
		{"too few to say so", [][3]string{{"k8s:eve", "create", "secrets"}}, 0, 0},
		{"no audit log of the API server", [][3]string{{"linux:n1/root", "execve", "process"}, {"docker:n1", "create", "container"}}, 0, 0},
		{"not everybody is known", [][3]string{{"k8s:eve", "create", "secrets"}, {"k8s:eve", "delete", "pods"}}, 1, 0},
	} {
		a := NewAggregates()
		a.Overflow = c.lost
		for _, r := range c.rows {
			key, value := row(r[0], r[1], r[2])
			a.Principals[key] = value
		}
		if got := a.ChangesOnly(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
