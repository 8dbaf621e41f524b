package secret

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// asLogged is a command line in every form in which logs hold one.
func asLogged(line string) map[string]string {
	words := strings.Fields(line)
	audited := "type=EXECVE msg=audit(1700000000.000:7): argc=9"
	for i, w := range words {
		audited += fmt.Sprintf(" a%d=%q", i, w)
	}
	return map[string]string{
		"line":          line,
		"list":          `{"args":["` + strings.Join(words, `","`) + `"],"user":"bob"}`,
		"pretty list":   "{\n  \"args\": [\n    \"" + strings.Join(words, "\",\n    \"") + "\"\n  ],\n  \"user\": \"bob\"\n}",
		"script":        fmt.Sprintf(`["sh","-c",%q]`, line),
		"printed list":  "[" + line + "]",
		"title":         strings.Join(words, "\x00"),
		"title in hex":  "proctitle=" + hex.EncodeToString([]byte(strings.Join(words, "\x00"))),
		"auditd":        audited,
		"exec requests": "/exec?command=" + strings.Join(words, "&command=") + "&stdin=true",
	}
}

// TestArgumentsThatNothingNames: a secret may be an argument, and the command says
// which.
func TestArgumentsThatNothingNames(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, line := range []string{
		"vault login hunter", "redis-cli auth hunter",
		"vault login " + pw, "vault login -no-print " + pw, "vault login -address https://v:8200 " + pw, "/usr/bin/vault operator unseal " + pw, "vault unwrap " + pw,
		"vault token renew " + pw, "vault kv put secret/app db=" + pw, "vault kv patch -mount=secret app a=b1b1 db=" + pw, "vault write secret/app value=" + pw,
		"vault write auth/approle/login role_id=web secret_id=" + pw, "cat s.Zk3Lq9XwPqRt8vNm2" + pw[:7],
		"redis-cli -h db AUTH " + pw, "redis-cli auth default " + pw, "redis-cli CONFIG SET requirepass " + pw,
		"rabbitmqctl add_user bob " + pw, "rabbitmqctl change_password bob " + pw, "htpasswd -b users bob " + pw, "htpasswd -nbB bob " + pw,
		"mc alias set store https://s3 admin " + pw, "mc config host add store https://s3 admin " + pw, "rclone config create r s3 secret_access_key " + pw,
		"npm config set //registry.npmjs.org/:_authToken " + pw, "aws configure set aws_secret_access_key " + pw, "kubectl config set users.bob.token " + pw,
		"nmcli dev wifi connect x password " + pw, "consul acl set-agent-token default " + pw, "aws ssm put-parameter --name x --type SecureString --value " + pw,
		"curl -sku user:" + pw + " https://x", "curl -U proxy:" + pw + " https://x", "bcp t out f -U sa -P " + pw, "cqlsh -u cassandra -p " + pw, "lftp -u bob," + pw + " h",
		"openssl enc -aes-256-cbc -k " + pw, "ipmitool -H h -U a -P " + pw, "plink -pw " + pw + " h", "xfreerdp /u:bob /p:" + pw + " /v:h",
		"evil-winrm -u a -p " + pw, "snmpwalk -v2c -c " + pw + " h", "impacket-psexec dom/bob:" + pw + "@h",
		"skopeo copy --src-creds bob:" + pw + " docker://x y", "skopeo inspect --creds=bob:" + pw + " docker://x", "crictl pull --creds bob:" + pw + " x",
		"curl -b session=" + pw + " https://x", "curl --oauth2-bearer " + pw + " https://x", "ssh-keygen -N " + pw + " -f x", "keytool -storepass " + pw + " -list", "keytool -keypass " + pw + " -list",
		"rpcclient -U bob%" + pw + " h", "mvn deploy -Dpassword=" + pw, "twine upload -u x -p " + pw, "snmpget -v3 -u x -A " + pw + " h", "doctl auth init -t " + pw, "etcdctl --endpoints h put /config/db_password " + pw, "consul kv put db/password " + pw, "yarn config set npmAuthToken " + pw,
		"cargo login " + pw, "openssl passwd -6 -salt xy " + pw, "k3s agent -s https://h:6443 -t " + pw, "rke2 server -t " + pw, "gitlab-runner register -r " + pw, "glab auth login -t " + pw, "nuget push x -k " + pw, "ctr images pull --user bob:" + pw + " x",
	} {
		secret := line[strings.LastIndexAny(line, " ")+1:]
		if strings.Contains(line, pw) {
			secret = pw
		}
		for form, text := range asLogged(line) {
			got := masked(text)
			if strings.Contains(got, secret) || strings.Contains(got, hex.EncodeToString([]byte(secret))) || !strings.Contains(got, "[masked:") {
				t.Errorf("%s: %q becomes %q", form, text, got)
			}
		}
	}
}

// TestSpokenSecrets: in SQL and in a pipe.
func TestSpokenSecrets(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, text := range []string{
		"CREATE USER bob IDENTIFIED BY '" + pw + "'", "alter user 'bob'@'%' identified with mysql_native_password by '" + pw + "'",
		"ALTER USER bob WITH PASSWORD '" + pw + "' VALID UNTIL 'infinity'", "SET PASSWORD FOR bob = '" + pw + "'",
		`["mysql","-e","CREATE USER bob IDENTIFIED BY \"` + pw + `\""]`,
		"echo " + pw + " | sudo -S id", "echo '" + pw + "' | docker login -u bob --password-stdin registry", `["sh","-c","echo root:` + pw + ` | chpasswd"]`,
		`kubectl patch secret x -p {"stringData":{"k":"` + pw + `"}}`, `["kubectl","patch","secret/x","--type=json","-p","[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"` + pw + `\"}]"]`,
		"Data Source=h;Uid=sa;Pwd=" + pw, "printf '" + pw + "' | docker secret create db -", "echo " + pw + " | kubectl create secret generic x --from-file=k=/dev/stdin",
		"printf %s " + pw + " | passwd --stdin bob", `{"role_id":"web","secret_id":"` + pw + `"}`,
	} {
		if got := masked(text); strings.Contains(got, pw) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestHarmlessArguments: what only resembles a secret argument stays readable.
func TestHarmlessArguments(t *testing.T) {
	for _, line := range []string{
		"vault status", "vault kv get secret/app", "vault login -method=oidc", "vault login -method=userpass username=bob", "kubectl exec -n vault vault-0 -- vault status",
		"mysql -h db -P 3306 -u root", "mysql -h db -P3306 -u root", "unzip -p archive.zip file.txt", "htpasswd -c file bob", "htpasswd -p file bob",
		"wget -U Mozilla/5.0:x http://host", "docker run -p 8080:80 nginx", "docker run -u 1000:1000 nginx", "ctr run --user 1000:1000 image name",
		"redis-cli -h host ping", "npm config set registry https://registry.npmjs.org", "aws configure set region eu-west-1", "kubectl config set-context --current --namespace=prod",
		"kubectl create secret generic db --from-file=x", "nmcli dev wifi list", "curl -sk https://host/path", "curl -k -u bob https://host", "openssl s_client -connect h:443", "openssl s_client -connect h:443 -cert /c.crt -key /c.key", "openssl req -new -keyform PEM -key /c.key",
		"tar -cpf x.tar /etc", "curl -b cookies.txt https://x", "ssh-keygen -t ed25519 -f x", "docker build -t image:1 .", "tail -n 100 x", "mkdir -p /var/lib/mysql/data", "aws secretsmanager get-secret-value --secret-id prod/db", "aws ssm put-parameter --name x --type String --value plain",
		"etcdctl put /config/replicas 3", "consul kv put web/replicas 3", "openssl passwd -6", "openssl passwd -in x", "openssl passwd -salt xy", "k3s kubectl exec -t pod", "k3s server -t", "gitlab-runner run -r x",
	} {
		for form, text := range asLogged(line) {
			if got := masked(text); got != text {
				t.Errorf("%s: %q becomes %q", form, text, got)
			}
		}
	}
	for _, text := range []string{
		"vault login failed for user bob", "vault login: denied", "the vault token renew request", "gzip -c x; mkdir -p /foo/bar", "docker login registry.io && mkdir -p /var/lib/foo", "user login at console | mkdir -p /var/foo",
		"identified by name as bob", "cat /etc/passwd | grep root", "echo hello | grep passwd", "echo done | sudo tee /etc/x", "PWD=/home/bob OLDPWD=~/x",
		"echo made | kubectl create secret generic x --from-file=k=file", `kubectl patch configmap x -p {"data":{"k":"plain"}}`, `PWD=C:\x`, "reset password by admin",
	} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
