package secret

import "testing"

// TestWhatIsNoSecret: what stands behind a name that sounds of secrets and is public, a
// place or a number is evidence, and stays. Beside each, what is masked all the same.
func TestWhatIsNoSecret(t *testing.T) {
	for _, text := range []string{
		"GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", "NGINX_GPGKEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62",
		"CACHE_KEY=v1-linux-amd64", "PARTITION_KEY=tenant", "IDEMPOTENCY_KEY=7ee52be0-9045",
		"docker run r.io/team/password-rotator:1.2.3", `{"Image":"r.io/team/secret:v2","Names":["/x"]}`, "(image=r.io/team/secret-sync:latest, name=k8s_token_pod)", "docker run token-proxy:v2", "docker run r.io/x/token:12", "r.io/x/auth-token:1.36-alpine",
		"docker run -v /etc/shadow:/x/passwd:ro alpine", "docker run -v secret-volume:/etc/secret:ro alpine",
		"dial token-service.prod.svc:8080 failed", "helm install x --set auth.existingSecret=db-credentials",
		"net user bob /add", "net use * /delete", `send "exit\r"`, `send "ls -la /root\r"`, "etcdctl user add bob --no-password",
		"Password:\n", "Password:\n  secretKeyRef:\n    name: x\n", "[sudo] password for bob: \nSorry, try again.\n", "stringData: {}\n", "env: [{name: HOST, value: db}]",
		"vault token create -policy=admin", "kubeadm token create --print-join-command", "kubeadm token create --ttl 2h", `{"SecretID":"projects/1/secrets/db"}`, "AWS_SECRET_ID=prod/db", "VAULT_ROLE_ID=9f1c2b7e-web", "FILE_PATTERN=a", "net rpc info -U bob", "SNAPSHOT_PATH=/a/b",
		"curl -E client.pem https://example.com",
	} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{
		"GPG_KEY=correct-horse-battery", "SIGNING_KEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62", "api-key:12345678", "X-Api-Key:1.2345678", "http://token:808080", "password:1.2.3", "user/Password:v2x3", "/run/secrets/db_password:1hunter2", "/run/secrets/db-password:123456", "secrets/token:v1hunter2", "/etc/x/token:20260301",
	} {
		if got := masked(text); got == text {
			t.Errorf("%q is not masked", text)
		}
	}
}
