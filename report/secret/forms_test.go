package secret

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestSecretsOfForms: the files, languages and addresses in which a secret has no
// name before an equals sign; plainly, and as a JSON text and base64 hold them.
func TestSecretsOfForms(t *testing.T) {
	const pw, long = "Sup3rS3cret", "Sup3rS3cretSup3rS3cretSup3rS3cretSup3rS3cret"
	for _, text := range []string{
		"machine db.example login bob password hunter-" + pw, "echo 'machine h login a password " + pw + "' > ~/.netrc", "login failed for bob with password " + pw,
		"echo 'db:5432:*:app:" + pw + "' > ~/.pgpass", "printf 'db:*:a:b:x:" + pw + "\n' >> /root/.pgpass",
		"<password>" + pw + "</password>", "<wsse:Password>" + pw + "</wsse:Password>", `<add key="DbPassword" value="` + pw + `"/>`, `<property name="hibernate.connection.password" value='` + pw + `'>`,
		"apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  plain: " + pw + "\n  other: \"" + pw + "\"\ntype: Opaque",
		`{"data":{"auditID":"x","objectRef":{"resource":"secrets"},"requestObject":{"kind":"Secret","data":{"k":"` + pw + `"}}}}`, `{"kind":"Secret","data":{"auditID":"x","k":"` + pw + `"}}`,
		"stringData:\n    pin: 1234\n    conf: |\n      host=a\n      " + pw + "\n", "kind: Secret\ndata:\n  k: " + pw + "\nmetadata:\n  name: x",
		"Cookie: theme=dark; session=" + pw + "; lang=" + pw, "requests.get('https://h', auth=('bob','" + pw + "'))", `HTTPBasicAuth("bob", "` + pw + `")`, `req.SetBasicAuth("bob", "` + pw + `")`,
		`"headers":{"Accept":["x"],"X-Api-Key":["` + pw + `"],"Cookie":["theme=dark; session=` + pw + `"]}`,
		"os.environ['API_TOKEN']='" + pw + "'", `$_ENV["DB_PASSWORD"] = "` + pw + `"`,
		"curl https://api.telegram.org/bot123456789:" + long + "/sendMessage", "https://discord.com/api/webhooks/123456789/" + long, "https://x.webhook.office.com/webhookb2/" + long,
		"GET /maps?key=" + pw + "Sup3rS3cret HTTP/1.1", "rootpassword=" + pw, "PresharedKey = " + pw, "tailscale up --authkey=" + pw,
		"token is k8s-aws-v1." + long, "sqlplus scott/" + pw + "@orcl", "setenv API_TOKEN " + pw, "mysqladmin -u root password " + pw, "ngrok config add-authtoken " + pw,
		"docker run -e VAULT_DEV_ROOT_TOKEN_ID=" + pw + " vault", "vault server -dev -dev-root-token-id=" + pw, "vault server -dev -dev-root-token-id " + pw,
		"curl --cert c.pem:" + pw + " https://h", "openssl dgst -sha256 -hmac " + pw + " f", "openssl enc -aes-256-cbc -K " + pw + " -in a", "ldappasswd -x -s " + pw, "ansible-vault encrypt_string " + pw + " --name x",
		"etcdctl user add bob:" + pw, `net use \\srv\share ` + pw + " /user:bob", `net use Z: \\srv\share /user:D\bob ` + pw, "net user bob " + pw + " /add", "cmdkey /add:srv /user:bob /pass:" + pw,
		"schtasks /create /ru bob /rp " + pw, `psexec \\h -u bob -p ` + pw + " cmd", `send "` + pw + `1\r"`,
		"kind: Secret\nstringData: {a: " + pw + ", \"b\": \"" + pw + "\"}\n", "kind: Secret\ndata: {a: " + pw + "}\n", "{kind: Secret, stringData: {a: '" + pw + "'}}",
		"env: [{name: DB_PASSWORD, value: " + pw + "}]", `env: [{value: "` + pw + `", name: DB_PASSWORD}]`, "SAMLResponse=" + long + "&RelayState=x",
		"[sudo] password for bob:\n" + pw + "\nuid=0(root)\n", "Enter passphrase for /root/.ssh/id_rsa: \n" + pw + "\n", "Private-Lines: 2\n" + long + "\n" + pw + "\nPrivate-MAC: 0123",
		"vault token create -id=" + pw, "kubeadm token create --ttl 2h abcdef." + pw + "12345", "grafana-cli admin reset-admin-password " + pw, "net rpc -U a%" + pw + " user", `curl -H Authorization:Bearer\ ` + pw + " https://h",
		"VAULT_SECRET_ID=" + pw, "env VAULT_ROLE_ID=web VAULT_SECRET_ID=" + pw + " app", `{"approleSecretId":"` + pw + `"}`,
		"GITHUB_PAT=" + pw, `{"AZURE_DEVOPS_EXT_PAT":"` + pw + `"}`, "TF_TOKEN_app_terraform_io=" + pw, `MNEMONIC="abandon ability ` + pw + `"`, `SEED_PHRASE="abandon ability ` + pw + `"`, `{"SecretID":"` + pw + `","AccessorID":"x"}`, "AccessorID:  x\nSecretID:    " + pw,
		"Authorization: GenieKey " + long + "1\nHost: h",
		"ConvertTo-SecureString '" + pw + "' -AsPlainText", "pulumi config set --secret db " + pw, "mosquitto_pub -u a -P " + pw + " -t x", "echo " + pw + " | kinit admin", "echo " + pw + " | gh auth login --with-token",
	} {
		quoted, err := json.Marshal(map[string]string{"log": text})
		if err != nil {
			t.Fatal(err)
		}
		for form, s := range map[string]string{"plain": text, "JSON": string(quoted), "base64": base64.StdEncoding.EncodeToString([]byte(text))} {
			got := masked(s)
			if !strings.Contains(got, "[masked:") {
				t.Errorf("%s: %q becomes %q", form, s, got)
			}
			for part := range strings.FieldsFuncSeq(got, func(r rune) bool { return r == '[' || r == ']' }) { // base64 before and behind what is masked begins at a group
				plain, _ := decodeBase64(strings.TrimRight(part, "="))
				if strings.Contains(part, pw) || strings.Contains(plain, pw) {
					t.Errorf("%s: %q becomes %q", form, s, got)
				}
			}
		}
	}
	lm := "aad3b435b51404eeaad3b435b51404ee:"
	if got := masked("nxc smb h -H " + lm + "8846f7eaee8fb117ad06bdd830b7586c"); strings.Contains(got, "8846f7") || !strings.Contains(got, lm) {
		t.Errorf("hash: %q", got)
	}
}

// TestHarmlessForms: what only resembles one of them stays readable.
func TestHarmlessForms(t *testing.T) {
	for _, text := range []string{
		"Access denied for user 'app'@'10.0.0.1' (using password: YES)", "Access denied for user 'app'@'10.0.0.1' (using password: NO)",
		"the password policy of prod-v2 changed", "reset password at 2024-01-01T00:00:00Z", "machine h login a", "password check failed for user", "login and password required",
		"a:1:b:c:d > file", "cat ~/.pgpass", "<passwords><user>x</user></passwords>", "<token/>", `<add key="Theme" value="dark"/>`, `<password></password>`,
		`{"specversion":"1.0","data":{"kind":"Event","auditID":"x","verb":"get","user":{"username":"alice"},"userAgent":"curl/8.5.0","objectRef":{"resource":"secrets","namespace":"prod","name":"db"}}}`,
		`{"log":"{\"data\":{\"objectRef\":{\"resource\":\"secrets\"},\"auditID\":\"x\",\"verb\":\"get\"}}"}`,
		"kind: ConfigMap\ndata:\n  k: plain\n", "data:\n  k: plain\nkind: Deployment", "stringData:\nkind: Secret", "kind: SecretProviderClass\ndata:\n  k: plain\n",
		"Cookie: ", "auth=('bob')", "labels['app'] = 'web'", "https://discord.com/api/webhooks/list", "GET /x?key=short&y", "GET /x?key=a-long-but-plain-name-of-a-row",
		"sqlplus -v", "sqlplus / as sysdba", "sqlplus /nolog @script", "setenv PATH /bin", "mysqladmin -u root status", "ngrok http 80", "pulumi config set aws:region eu-west-1", "mosquitto_pub -h x -p 1883 -t y",
		`{"token":[]}`, `{"secret":[{"name":"x"}]}`, `{"password":["[REDACTED]"]}`, `{"resources":["secrets","pods/exec"],"imagePullSecrets":["registry"]}`,
		"monkey: banana", "hockey=rink", "aad3b435b51404eeaad3b435b51404ee:x",
	} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestFormsKeepTheirFingerprint: one secret has one fingerprint, whatever it stands in;
// and what stands behind it in the record stays readable.
func TestFormsKeepTheirFingerprint(t *testing.T) {
	yaml := "kind: Secret\nstringData:\n  k: Sup3rS3cret"
	quoted, err := json.Marshal(map[string]any{"args": []string{yaml}, "verb": "create"})
	if err != nil {
		t.Fatal(err)
	}
	want := masked(yaml)
	want = want[strings.Index(want, "[masked:"):]
	for _, text := range []string{string(quoted), "/exec?command=" + url.QueryEscape(yaml) + "&verb=create", string(quoted[:len(quoted)-1]) + `,"x":` + strconv.Quote(string(quoted)) + `,"verb":"create"}`} {
		got := masked(text)
		if !strings.Contains(got, want) || !strings.Contains(got, "create") || strings.Contains(got, "Sup3r") {
			t.Errorf("%q becomes %q, want %s in it", text, got, want)
		}
	}
	header := masked("X-Vault-Token: Sup3rS3cret")
	header = header[strings.Index(header, "[masked:"):]
	if got := masked("/exec?command=" + url.QueryEscape("curl -H 'X-Vault-Token: Sup3rS3cret' x")); !strings.Contains(got, header) {
		t.Errorf("%q, want %s in it", got, header)
	}
}

// TestLinesOfAKey: of a key that is printed line by line each line is masked; lines of a
// certificate that is told as one, digests and names are not.
func TestLinesOfAKey(t *testing.T) {
	line := "MIIEpAIBAAKCAQEA7bq4x/9Zk3Lq9XwPqRt8vNm2Yc5TzA+0dLk1fGhJ3sWoQe6"
	line += "r"[:64-len(line)]
	for _, text := range []string{line, "2026-03-01T10:00:00.000000000Z stdout F " + line, `{"log":"` + line + `\n","stream":"stdout","time":"2026-03-01T10:00:00Z"}`, line + "abcdef"} {
		if got := masked(text); strings.Contains(got, line) || !strings.Contains(got, "[masked:key-line:") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"-----BEGIN CERTIFICATE-----\n" + line + "\n", strings.Repeat("0123456789abcdef", 4), `integrity="sha384-` + line + `"`, "/" + line + "/x", strings.Repeat("ServiceAccount", 5)} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestSecretsThatProgramsPrint: in colours, and as Go prints what it has in memory.
func TestSecretsThatProgramsPrint(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, text := range []string{
		"\x1b[36mINFO\x1b[0m[0001] connected \x1b[36mpassword\x1b[0m=" + pw + " \x1b[36mhost\x1b[0m=db", "INF up \x1b[36mtoken=\x1b[0m" + pw + " \x1b[36mhost=\x1b[0mdb", `{"log":"\u001b[1;32mpassword\u001b[0m: ` + pw + ` host db\n"}`,
		"container &Container{Name:db,Env:[]EnvVar{EnvVar{Name:DB_PASSWORD,Value:x, " + pw + ",ValueFrom:nil,},EnvVar{Name:HOST,Value:db,ValueFrom:nil,},},}", "[{Name:API_TOKEN Value:" + pw + " ValueFrom:nil} {Name:HOST Value:db ValueFrom:nil}]",
		`{"auth":{"user":"bob","pass":"` + pw + `"},"host":"db"}`, "{'user': 'bob', 'pass': '" + pw + "', 'host': 'db'}", `{"bindpw":"` + pw + `","host":"db"}`,
	} {
		if got := masked(text); strings.Contains(got, pw) || !strings.Contains(got, "db") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"[{Name:HOST Value:Sup3rS3cret ValueFrom:nil}]", "EnvVar{Name:DB_PASSWORD,Value:,ValueFrom:&EnvVarSource{},}", "\x1b[36mhost\x1b[0m=db", `{"bypass":"x","compass":"north"}`, "Name:DB_PASSWORD,Value:"} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestAPassIsAPasswordOrTheEndOfATest: "pass: x" says either.
func TestAPassIsAPasswordOrTheEndOfATest(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, text := range []string{"user: ci, pass: " + pw + " at db", "pass: " + pw, `echo "pass: ` + pw + `"`, "login ok (User: root Pass: " + pw + ")"} {
		if got := masked(text); strings.Contains(got, pw) || !strings.Contains(strings.ToLower(got), "pass: [masked:password:") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"pass: yes", "pass: 12/12", "suites pass: 3 fail: 0", "second pass: reading", "pass: 100%", "pass: completed in 3s", "compass: north123", "result pass: TestFoo (0.2s)", "--- PASS: TestLogin2/case_1 (0.00s)"} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestTheFileOfASecretIsNamed: a command line that says where the token lies is evidence.
func TestTheFileOfASecretIsNamed(t *testing.T) {
	for _, text := range []string{
		"aws sts assume-role-with-web-identity --web-identity-token file:///var/run/secrets/eks.amazonaws.com/serviceaccount/token",
		"aws secretsmanager create-secret --secret-binary fileb:///root/key.pem",
	} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	if got := masked("tool --token file:///x?password=Sup3rS3cret"); strings.Contains(got, "Sup3rS3cret") {
		t.Errorf("a password behind the name of a file is told: %q", got)
	}
}
