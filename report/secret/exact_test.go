package secret

import (
	"strings"
	"testing"
)

// unmarked takes the marks off a text in which each secret stands between « and ».
func unmarked(s string) string { return strings.NewReplacer("«", "", "»", "").Replace(s) }

// remarked is s with the marks around what is found in it, and the kinds of that.
func remarked(s string, known ...string) (string, string) {
	var b strings.Builder
	var kinds []string
	from := 0
	for _, sp := range Find(s, known) {
		b.WriteString(s[from:sp.From] + "«" + s[sp.From:sp.To] + "»")
		kinds, from = append(kinds, sp.Kind), sp.To
	}
	return b.String() + s[from:], strings.Join(kinds, " ")
}

// TestExactlyTheSecret: it is masked from its first byte to its last, under the name
// of what it is, and what stands around it stays readable. Texts without a kind hold none.
func TestExactlyTheSecret(t *testing.T) {
	const (
		word  = "aB3dE6gH9jK2mN5pQ8sT" // 20 bytes
		aws   = "Kq7xT2vB9nL4wZ8rD1sF6gH3jP5mC0yAbE+u/iQ9"
		id    = "AKIAIOSFODNN7EXAMPLE"
		hash  = "$6$saltsalt$Zk3Lq9XwPqRt8vNm2Yc5TzA0dLk1fGhJ3sWoQe6"
		token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJldmUifQ.c2lnbmF0dXJl" // {"alg":"RS256"} {"sub":"eve"}
	)
	for _, c := range []struct{ kinds, text string }{
		// What its own shape gives away.
		{"jwt", "x «" + token + "», y"},
		{"jwt", "cut «" + token[:30] + "»"},
		{"", "eyJhIjoxfQ"}, {"", "eYJhbGciOiJSUzI1NiJ9"}, {"", "heyJude"},
		{"private-key", "a «-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----» b"},
		{"private-key", "«-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl»"},
		{"private-key", "«-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE»"},
		{"private-key private-key", "«-----BEGIN PRIVATE KEY-----\na\n-----END PRIVATE KEY-----» «-----BEGIN PRIVATE KEY-----\nb\n-----END PRIVATE KEY-----»"},
		{"private-key", `argc=9 a1="x;«-----BEGIN" a2="RSA" a3="PRIVATE" a4="KEY-----" a5="MIIE" a6="b3Bl" a7="-----END" a8="RSA" a9="PRIVATE" a10="KEY-----»"`},
		{"private-key", `["kubectl","create","«-----BEGIN","PRIVATE","KEY-----","MIIE","-----END","PRIVATE","KEY-----»"]`},
		{"private-key", "sh\x00-c\x00«-----BEGIN\x00EC\x00PRIVATE\x00KEY-----\x00MHcC»"}, {"private-key", "a?command=«-----BEGIN&command=PRIVATE&command=KEY-----&command=MIIE&command=-----END&command=PRIVATE&command=KEY-----»&stdout=true"},
		{"", `a2="-----BEGIN" a3="CERTIFICATE-----" a4="MIIE"`}, {"", "-----BEGIN PRIVATE\nKEY-----"}, {"", "-----BEGIN"}, {"private-key", "«-----BEGIN PRIVATE KEY-----\n-----END \nMIIE\n-----END PRIVATE KEY-----» b"},
		{"", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE----- PRIVATE KEY"}, {"", "-----BEGIN PUBLIC KEY-----"}, {"", "-----begin "}, {"", "the -----BEGIN PRIVATE"},
		{"bearer", "curl -H 'Authorization: Bearer «" + word + "»' https://x"}, {"bearer", "got bearer  «abcdefg9» back"}, {"", "bearer of tidings"}, {"", "Bearer token-authentication.enabled"}, {"", "bearer abcdef9"},
		{"basic", "proxy-authorization: Basic «Ym9iOmh1bnRlcjI=»"}, {"basic", "Basic «Ym9iOmh1bnRlcjI», x"}, {"", "basic training"}, {"", "Basic bm8gY29sb24h"},
		{"url-password", "psql postgres://bob:«hunter2»@db:5432/app"}, {"url-password", "amqp://:«p@ss»@h/"}, {"url-token", "git clone https://«" + word + "»@github.com/x"},
		{"", "https://bob@host/x"}, {"", "https://bob:@host/x"}, {"", "https://bob:$PW@host"}, {"", "https://host:8080/a@b"}, {"", "https://host/?q=a:b@c"}, {"", "see https://host. Mail a:b@c"},
		{"aws-secret-key", "aws " + id + " «" + aws + "» x"}, {"aws-secret-key", "«" + aws + "»," + id}, {"aws-secret-key", strings.Replace(id, "AKIA", "ASIA", 1) + "," + "«" + aws + "»"},
		{"", id}, {"", aws}, {"", strings.ToLower(id) + " " + aws}, {"", id + " " + strings.Repeat("0123456789", 4)}, {"", id + " " + aws + "x"}, {"", id + " " + aws[:39]}, {"", "AKIA " + aws[:12]},
		{"password-hash", "root:«" + hash + "»:19000:0"}, {"password-hash", "«$2y$10$abcdefghijklmnopqrstuv»"}, {"password-hash", "«$argon2id$v=19$m=65536,t=3$c2FsdA$aGFzaA»"}, {"", "$1$ is a dollar"}, {"", "cost $6$7"},
		{"vault-token", "x «s.Zk3Lq9XwPqRt8vNm2Yc5TzA0» y"}, {"", "is.Zk3Lq9XwPqRt8vNm2Yc5TzA0"}, {"", "S.Zk3Lq9XwPqRt8vNm2Yc5TzA0"}, {"", "s.Zk3Lq9XwPqRt8vNm2Yc5TzA"}, {"", "s.Zk3Lq9XwPqRt8vNm2Yc5TzA0d"},
		{"", "s.zk3lq9xwpqrt8vnm2yc5tza0"}, {"", "s.ZK3LQ9XWPQRT8VNM2YC5TZA0"}, {"", "s.ZkkLqqXwPqRtttNmmYcTTzAA"}, {"", "s.Zk3Lq9XwPqRt8vNm2Yc5_zA0"},
		{"slack-webhook", "POST https://hooks.slack.com/«services/T000/B000/xyzXYZ» ok"}, {"", "https://hooks.slack.com/help"},
		{"github-token", "x «ghp_" + word + "»"}, {"", "ghp_short"}, {"", "GHP_" + word}, {"slack-token", "«xoxb-1-2-" + word + "»"}, {"gcp-key", "key «AIza" + word + word + "»"},
		{"openshift-token", "oc login «sha256~" + word + word + "»"}, {"", "sha256:" + word + word},
		// What stands before it.
		{"password", "openssl rsa -passin pass:«hunter2» -in x"}, {"password", `["openssl","-passout","pass:«hunter2»"]`}, {"", "password bypass: allowed"}, {"", "openssl -passin pass:$PW"}, {"", "-passin pass: x"},
		{"password", "DB_PASSWORD=«hunter2» x"}, {"password", `{"password":"«hun\"ter2»","a":1}`}, {"password", `{"password":«1234»,"a":1}`}, {"password", `{"pw":{"passwd" : "«hunter2»"}}`},
		{"password", "PASSWORD2=«hunter2»"}, {"token", "API_TOKEN=«x1»&y=2"}, {"key", "CLIENT_KEY=«x1»;y"}, {"secret", "clientSecret: «x1»"}, {"token", `{\"token\":\"«x1»\"}`}, {"token", "token := «x1»"}, {"token", "'token' => '«x1»'"}, {"token", "token==«x1»"},
		{"token", "X-Auth-Token: «x1»"}, {"password", `"DB_PASSWORD=«two words»"`}, {"password", `'DB_PASSWORD=«two words»' x`}, {"password", `\"DB_PASSWORD=«two words»\" x`},
		{"password", "app\x00--password\x00«two words»\x00x"}, {"password", "app\x00--password=«two words»\x00x"}, {"password", `<db:password>«hunter2»</db:password>`}, {"token", "--token «x1» y"}, {"", "--token --x"}, {"", "token://x"},
		{"secret", `authorization: Negotiate «YII9»`}, {"secret", "Authorization: Token «x1»"}, {"secret", `environ["CREDENTIAL"]="«x1»"`},
		{"token", "--token abcdef.«0123456789abcdef»"}, {"token", "--token «abcdef.0123456789abcde»"}, {"token", "--token «abcde.0123456789abcdef»"},
		{"secret", "sig=«0123456789abcdefghij»"}, {"", "sig=0123456789abcdefghi"}, {"secret", "_pin=«1234»"}, {"", "_pin=123"}, {"secret", "x_auth=«1234»"}, {"", "psk=123"}, {"", "psk: none"},
		{"password", "Server=h;Pwd=«hunter2»;x"}, {"", "PWD=/root"}, {"", "pwd=~"}, {"", `PWD=\\h\x`}, {"", "PWD=C:/x"}, {"", "OLDPWD=root"},
		{"secret", "role_id=web secret_id=«x1»"}, {"", "secret_id=x1"}, {"", "secretName=x1"}, {"", "token_ttl=20m"}, {"", "password_file=/x"},
		{"", "PASSWORD=$DB_PASSWORD"}, {"", "PASSWORD=$(cat x)"}, {"", "PASSWORD=${X}"}, {"", "PASSWORD={{ .x }}"}, {"", "PASSWORD=***"}, {"", "PASSWORD=xxxx"}, {"", "PASSWORD=`cat x`"}, {"", "password=[masked:password:1]"}, {"", "PASSWORD=null"},
		{"password", "PASSWORD=«$db_pw»"}, {"password", "PASSWORD=«xx»"}, {"password", "PASSWORD=«$»"}, {"password", "PASSWORD=«$5x»"},
		{"password", "mysql -u root -p«hunter2» db"}, {"password", "mysql '-p«two words»'"}, {"password", "mysql -p'«two words»' db"}, {"", "mysql -p db"}, {"", "mysql -P3306"}, {"", "ssh -p2222"}, {"", "mysql x; ssh -p2222 h"}, {"", "mysql x && ssh -p2222 h"}, {"", "mysql x | ssh -p2222 h"},
		{"password", "sshpass -p «hunter2» ssh h"}, {"password", "sshpass -p=«hunter2» ssh h"}, {"password", `["sshpass","-p","«two words»","ssh"]`}, {"", "sshpass -p $PW ssh h"}, {"", "sshpass -p"},
		{"password", "etcdctl --user root:«hunter2» get /"}, {"", "etcdctl --user root: get"}, {"", "docker run --user a:b x"}, {"", "etcdctl --users a:b"}, {"password", "curl --proxy-user=p:«x1» h"},
		{"password", "skopeo --dest-creds a:«x1» y"}, {"", "skopeo --dest-creds $X y"}, {"", "skopeo --destcreds a:x1"},
		{"secret-data", "kubectl create secret generic x --from-literal=k=«x1» -n y"}, {"secret-data", "--from-literal k=«x1» -n"}, {"secret-data", `--from-literal=k="«x 1»" -n`}, {"secret-data", `"--from-literal=k=«x 1»" -n`}, {"secret-data", `'--from-literal=k=«x 1»' -n`}, {"secret-data", `{"c":"x --from-literal=k=\"«x 1»\" -n"}`}, {"", `"--from-literal=k=" -n "x"`}, {"", `'--from-literal=k=' -n 'x'`}, {"", `--from-literal "k=" -n "x"`}, {"", "--from-literal=k"}, {"", "--from-literal=k="}, {"", "--from-literals"},
		{"secret-data", `{"kind":"Secret","data":{"a":"«x1»"},"b":"c"}`}, {"secret-data secret-data", `{"kind":"SecretList","items":[{"data":{"a":"«x1»","b":"«x2»"}}],"c":"d"}`}, {"", `{"kind":"ConfigMap","data":{"a":"x1"}}`},
		{"", `{"kind":"Secret","data":[]}`}, {"", `{"kind":"Secret","data":null}`}, {"", `{"kind":"Secret","data":{"a":""},"b":"c"}`}, {"", `{"kind":"Secret","metadata":{"a":"b"}}`},
		{"key", `{"name":"API_KEY","value":"«x1»"}`}, {"key", `{"value":"«x1»","name":"API_KEY"}`}, {"", `{"name":"A","value":"x1"},{"name":"API_KEY"}`}, {"", `{"name":"API_KEY","valueFrom":"x1"}`}, {"", `{"name":"API_KEY","value":""}`}, {"", `{"name":"API_KEY","value":"$X"}`},
		{"secret-data", `[{"op":"add","path":"/stringData/k","value":"«x1»"}] kubectl patch secret x`}, {"", `[{"op":"add","path":"/spec/k","value":"x1"}] kubectl patch secret x`}, {"", `[{"op":"add","path":"/data/k","value":"x1"}] kubectl patch cm x`},
		{"password", "echo root:«hunter2» | chpasswd"}, {"password", "echo -n «hunter2» | sudo -S id"}, {"password", "printf '%s' «hunter2» | passwd --stdin bob"}, {"", "hunter2 | sudo -S id"}, {"", "echo $PW | sudo -S id"},
		{"password", "create user bob identified by '«hunter2»'"}, {"", "x by 'hunter2'"}, {"", "identified by 'hunter2"}, {"password", "SET PASSWORD FOR 'bob'@'h' = '«hunter2»';"}, {"", "password ','"},
		{"password", "xfreerdp /u:bob /p:«hunter2» /v:h"}, {"", "http://p:x /p:hunter2"}, {"password", "plink -pw «hunter2» h"}, {"", "plank -pw hunter2 h"}, {"password", "psexec.py dom/bob:«hunter2»@h cmd"}, {"", "psexec.py dom/bob@h"}, {"", "psexec.py :@h"},
		{"secret", "aws ssm put-parameter --type SecureString --value «x1» y"}, {"secret", "aws ssm put-parameter --type SecureString --value=«x1»"}, {"", "aws ssm put-parameter --type String --value=x1"}, {"", "aws ssm put-parameter --type SecureString --value"},
		{"password", "curl -sku bob:«hunter2» h"}, {"", "curl -zu bob:hunter2 h"}, {"token", "vault login «x1» y"}, {"", "vault login $TOKEN"}, {"", "my-vault login x1"}, {"", "vaults login x1"}, {"secret-data", "vault kv put secret/a k=«x1» f=@file"},
		{"password", "machine h login bob password «hunter2» x"}, {"password", "default login bob password «hunter2»"}, {"", "bob password hunter2"}, {"", "login password hunter2"}, {"password", "the password «Hunter22» x"}, {"", "the password (Hunter22)"},
		{"password", "echo h:5432:*:bob:«hunter2» > .pgpass"}, {"", "echo h:x:*:bob:hunter2 > .pgpass"}, {"", "echo h:5432:*:bob > .pgpass"},
		// The forms of files, calls and addresses.
		{"secret-data secret-data", "kind: Secret\ndata:\n  a: «x1»\n  b: \"«x 2»\" # c\n  c:\nother: x"}, {"secret-data", "stringData:\n  a: |\n    «line one»\n  b: ''\nkind: x"}, {"secret-data", "stringData:\r\n  a: «x1»\r\n"},
		{"secret-data", "  stringData:\n    a: «x1»\n  type: Opaque\n    b: x"}, {"", "stringData: x\n  a: x1"}, {"", "stringData:"}, {"", "stringData:\n"}, {"", "stringData\n  a: x1"}, {"", "mystringData:\n  a: x1"}, {"", "stringData:\n  a: >\n  b: null\n  c: $X"},
		{"secret secret secret", "cookie: «theme=x1»; s=«x2» then; t=«x3»"}, {"secret secret", "Cookie: «a=»; b=«x2»"}, {"", "a-cookie: "}, {"", "cookie monster"}, {"secret", "cookie: «a» b=c"}, {"secret", "'Cookie: «a=x1»' -H 'b=c'"},
		{"password", "auth=('bob', '«x1»')"}, {"password", `BasicAuth(\"bob\", \"«x1»\")`}, {"", "auth=('bob', x1)"}, {"", "auth=('bob', '')"},
		{"webhook", "https://api.telegram.org/bot12:«aB3dE6gH9jK2mN5pQ8sTaB3d»/getMe"}, {"webhook", "https://discord.com/api/webhooks/12/«aB3dE6gH9jK2mN5pQ8sTaB3d»?x"}, {"webhook", "https://a.webhook.office.com/«webhookb2/aB3dE6gH9jK2mN5pQ8sT/x»"},
		{"", "https://api.telegram.org/botx:aB3dE6gH9jK2mN5pQ8sTaB3d"}, {"", "https://discord.com/api/webhooks/x/aB3dE6gH9jK2mN5pQ8sTaB3d"}, {"", "https://discord.com/api/webhooks/12/aB3dE6gH9jK2mN5pQ8sTaB3"},
		{"key", "/maps?key=«aB3dE6gH9jK2mN5p»&x"}, {"key", "/maps?a=b&key=«0123456789abcdef0123456789ABCDEF»"}, {"", "/maps?key=aB3dE6gH9jK2mN5"}, {"", "/maps?key=0123456789abcdef0123456789abcde"}, {"", "/maps?key=0123456789abcdef0123456789abcdeg"},
		{"password-hash", "-H aad3b435b51404eeaad3b435b51404ee:«0123456789abcdef0123456789abcdef» x"}, {"", "aad3b435b51404eeaad3b435b51404ee:0123456789abcdef0123456789abcde"}, {"", "aad3b435b51404eeaad3b435b51404ee:0123456789abcdef0123456789abcdef0"},
		{"password", "sqlplus -s scott/«ti@ger»@orcl @x.sql"}, {"password", "sqlplus scott/«tiger»"}, {"", "sqlplus scott/$PW@orcl"}, {"", "sqlplus @a/b"}, {"", "sqlplus host:1/x"}, {"", "mysqlplus scott/tiger"}, {"", "sqlplus scott/@orcl"},
		{"password", `<add key="DbPassword" value="«x1»"/>`}, {"token", `<p NAME='api.token' type="x" Value='«x1»' z="y">`}, {"", `<add key="Db" value="x1"/>`}, {"", `<add key="DbPassword"/><add value="x1"/>`}, {"", `<add key="DbPassword" value="">`}, {"", `<add key="DbPassword" value=x>`}, {"", `key="DbPassword" value="x1"`},
		{"key-line", "«MIIEpAIBAAKCAQEA7bq4x+9Zk3Lq9XwPqRt8vNm2Yc5TzA+0dLk1fGhJ3sWoQe6r»"}, {"", "x=MIIEpAIBAAKCAQEA7bq4x+9Zk3Lq9XwPqRt8vNm2Yc5TzA+0dLk1fGhJ3sWoQe6r"}, {"", "MIIEpAIBAAKCAQEA7bq4x+9Zk3Lq9XwPqRt8vNm2Yc5TzA+0dLk1fGhJ3sWoQe6r, x"}, {"", strings.Repeat("x ", lineRecord/2) + "MIIEpAIBAAKCAQEA7bq4x+9Zk3Lq9XwPqRt8vNm2Yc5TzA+0dLk1fGhJ3sWoQe6r"},
		// What the name points to, or which one it is.
		{"", "kubectl --client-key=/etc/kubernetes/pki/apiserver-etcd-client.key get secrets"}, {"", "ansible --private-key ~/.ssh/id_rsa all"}, {"", "ssl_private_key=tls.key"}, {"", `["app","--token","/var/run/secrets/kubernetes.io/serviceaccount/token"]`},
		{"token", "--token=«/x1»"}, {"token", "TOKEN=«/var/run+x»"}, {"password", "PASSWORD=«/root/é»"}, {"password", "PASSWORD=«x.pem»"}, {"key", "ssl_private_key=«x.pem,y»"},
		{"", "access_key=" + id}, {"", "X-Amz-Credential=" + id + "%2F20260301%2Feu&x"}, {"", "AWS_ACCESS_KEY=" + strings.Replace(id, "AKIA", "ASIA", 1)}, {"key", "access_key=«" + id + "x»"}, {"key", "access_key=«AKIAiosfodnn7example»"}, {"key", "access_key=«AKIA»"},
		{"", "curl http://token-service:8080/x"}, {"", "http://password-reset:80"}, {"", "redis://a@token-db:6379/0"}, {"token", "https://x-access-token:«x1»@github.com/a"}, {"token", "http://token:«808080»"}, {"token", "http://token:«8080x»"}, {"token", "token:«8080»"},
		{"", "docker service create --secret db-password nginx"}, {"", "docker build --secret id=npm,src=x ."}, {"", "gcloud secrets versions access latest --secret=db"}, {"secret", "app --secret «x1»"}, {"", "x --secret id=y"},
		{"", "grep -r 'password=' /app"}, {"", `grep -rE "token:" x`}, {"", `["grep","password=","/app"]`}, {"password", `-e "PASSWORD="«x1»"`},
		{"", "kubeadm join h --discovery-token-ca-cert-hash sha256:" + strings.Repeat("0123456789abcdef", 4)}, {"token", "token_hash=«x1»"}, {"", "at token.go:12"}, {"", "token.txt: 3 lines"},
		// Names and places that are told in other ways.
		{"secret", "curl -F pw=«x1» h"}, {"secret", `$pw = "«x1»"`}, {"secret", "PW=«x1»; y"}, {"", "-pwd"}, {"password", "CREATE LOGIN x WITH PASSWORD = N'«two words»'"}, {"password", `password = b"«x1»"`}, {"password", "password=«Nx1»"}, {"password", "SET PASSWORD FOR x = PASSWORD('«x1»')"}, {"", "password('Your name')"},
		{"password", "requirepass «x1»\n"}, {"secret", "masterauth «x1»"}, {"key", "Ocp-Apim-Subscription-Key: «x1»"}, {"key", "x-functions-key: «x1»"}, {"key", "kubeadm init --certificate-key «x1»"}, {"token", "--apitoken=«x1»"},
		{"password", "sudo -S id <<< «x1»"}, {"password", "sudo -S <<<'«two words»' id"}, {"", "sudo id <<< x1"}, {"", "sudo -S id; cat <<< x1"}, {"", "sudo -S id <<< $PW"}, {"", "sudo -S <<<"}, {"", `["sudo","-S","<<<","x"]`}, {"password", "gh auth login --with-token <<< «x1»"}, {"password", `kinit bob <<< "«x1»"`},
		{"password", `expect -c 'expect "assword:"; send "«x1»\r"'`}, {"password", `expect "Password: "; send -- "«x1»"`}, {"", `expect "password:"; send x1`}, {"", `send "x1\r"`}, {"", `expect "assword"; send "\r"`},
		{"password", `db.auth("bob", "«x1»")`}, {"token", "K10" + strings.Repeat("0123456789abcdef", 4) + "::server:«0123456789abcdef»"}, {"token", "K10ab::node:«01234567»"}, {"", "x::server:0123456789"}, {"", "K10ab::server:0123456"},
		{"password", "jdbc:oracle:thin:scott/«ti@ger»@h:1521:x"}, {"", "jdbc:oracle:thin:@//h:1521/x"}, {"", "jdbc:oracle:thin:scott/$PW@h"}, {"", "jdbc:oracle:thin:/@h"},
		{"password", "rar a -p«x1» y.rar"}, {"password", "winexe -U d/u%«x1» //h id"}, {"password", "mssqlclient.py d/u:«x1»@h"}, {"password", "https -a u:«x1» h"},
		// An argument of an exec request may have spaces in it.
		{"password", "/exec?command=mysql&command=--password&command=«two+words»&container=x"}, {"password", "/exec?command=mysql&command=-p«two%20words»&container=x"}, {"password", "/exec?command=env&command=PASSWORD%3D«two+words»&stdin=true"}, {"password", "/exec?command=x&command=--password&command=«x1» HTTP/1.1"},
		// YAML, and calls that define.
		{"password", "env:\n- name: DB_PASSWORD\n  value: «x1»\n- name: A\n  value: b"}, {"key", "- value: \"«x 1»\"\n  name: 'API_KEY'\n"}, {"password", "- name: DB_PASSWORD\r\n  value: «x1»\r\n"}, {"", "- name: A\n  value: b\n- name: DB_PASSWORD\n  valueFrom:"}, {"", "- name: DB_PASSWORD\n  value:\n- x"}, {"", "- name: DB_PASSWORD\n  value: $(X)"}, {"", "value: x"}, {"", "name: DB_PASSWORD\nmyvalue: x"},
		{"password", "args:\n- --password\n- «x1»\n- y"}, {"password", "- \"--password\"\r\n- '«x 1»'\n"}, {"password", "- sshpass\n- -p\n- «x1»\n"}, {"", "- --password\nx: y"}, {"", "- --password\n- --user"},
		{"password", "define('DB_PASSWORD', '«x1»');"}, {"key", `os.Setenv("API_KEY", "«x1»")`}, {"", "define('DB_HOST', 'x')"}, {"", "define('DB_PASSWORD', '')"}, {"", "define('DB_PASSWORD', X)"}, {"", "define(DB_PASSWORD, 'x')"},
		{"key", `{"key":"API_KEY","value":"«x1»"}`}, {"key", `{"Name":"API_KEY","Value":"«x1»"}`}, {"", `{"key":"region","value":"x1"}`},
		{"key", "Unseal Key 1: «aB3dE6gH9jK2mN5pQ8sTaB3dE6gH9jK2+/=»\n"}, {"", "Unseal Key Shares: 5"}, {"", "unseal key 1 of 3"}, {"password", "[r]\npass = «x1»\n"},
		// Tokens that are cut, or are none.
		{"jwt", "«eyJ0eXAiOiJKV1QifQ»"}, {"jwt", "«eyJraWQiOiJhIn0.x-y_z=»"}, {"jwt", "«eyJhIjoxfQ.eyJiIjoyfQ.c»"}, {"", "eyJhIjoxfQ.x"}, {"", "eyJ!"}, {"", "eyJ_____"},
		{"bearer", "Bearer «a~b+c/d=e_f»,x"}, {"", "Bearer Abcdefg"},
		// Whichever way a secret is found, it is masked once and whole.
		{"bearer", "Authorization: Bearer «" + token + "»"}, {"password", `{"password":"«-----BEGIN PRIVATE KEY-----\na\n-----END PRIVATE KEY-----»"}`},
		// A query's plus sign and percent signs, a process title in hex.
		{"password", "/exec?command=mysql&command=-p«%22two+words%22»"}, {"password", "q=DB_PASSWORD%3D«hunter2»%26x"}, {"password", "x 4442 444250415353574f52443d«68756e74657232» y"},
	} {
		if got, kinds := remarked(unmarked(c.text)); got != c.text || kinds != c.kinds {
			t.Errorf("%s: %q\nwant %s: %q", kinds, got, c.kinds, c.text)
		}
	}
}

// TestKnownSecretsAreFoundAnywhere: one that some record gave away is masked in all of
// them, a short one only where it is a word of its own.
func TestKnownSecretsAreFoundAnywhere(t *testing.T) {
	for _, c := range []struct{ known, text string }{
		{"hunter", "the «hunter» and hunters, the «hunter»"}, {"hunter", "«hunter»"}, {"hunter", "_hunter hunter_ xhunter"},
		{"longhunter", "xx«longhunter»yy «longhunter»"}, {"hunter", "x%20«hunter»%20y"}, {"longhunter", `{"a":"\"«longhunter»\""}`},
		{"longhunter", "title 78«6c6f6e6768756e746572»79"}, {"hunter", "nothing"},
	} {
		got, kinds := remarked(unmarked(c.text), c.known)
		if got != c.text || strings.TrimSpace(strings.ReplaceAll(kinds, Known, "")) != "" {
			t.Errorf("%s of kinds %s, want %s", got, kinds, c.text)
		}
	}
	// Punctuation behind a known secret is none of it.
	if got, _ := remarked("password=hunter2: get of y", "hunter2"); got != "password=«hunter2»: get of y" {
		t.Errorf("behind a name: %s", got)
	}
	if got, _ := remarked("password=hunter2x: get of y", "hunter2"); got != "password=«hunter2x:» get of y" {
		t.Errorf("a longer one: %s", got)
	}
}

// TestOneSecretInSeveralClothes: its fingerprint is made of what is left when all
// encodings are off.
func TestOneSecretInSeveralClothes(t *testing.T) {
	for _, v := range []string{"hunter2hunter2", "aHVudGVyMmh1bnRlcjI=", "aHVudGVyMmh1bnRlcjI", "aHVudGVyMmh1bnRlcjIK", "68756e7465723268756e74657232", "YUhWdWRHVnlNbWgxYm5SbGNqST0="} {
		want := "hunter2hunter2"
		if len(v)%4 != 0 && v != want && !strings.HasPrefix(v, "68") {
			want = v // no whole group: it may be a word
		}
		if got := Canonical(v); got != want {
			t.Errorf("%s: %q, want %q", v, got, want)
		}
	}
	for _, v := range []string{"hunter", "deadbeef", "12345678", "68756e", ""} { // words, digests and numbers
		if got := Canonical(v); got != v {
			t.Errorf("%s became %q", v, got)
		}
	}
}

func TestNamesOfSecrets(t *testing.T) {
	for name, want := range map[string]bool{
		"DB_PASSWORD": true, "clientSecret": true, "X-Vault-Token": true, "--api-key": true, "accessKeyID": false, "rootpassword": true, "userPassword2": true,
		"secretName": false, "tokenTTL": false, "token_ttl": false, "password-file": false, "passwordPolicy": false, "PWD": false, "OLDPWD": false, "DB_PWD": true,
		"SIGNING_KEY": true, "ENCRYPTION-KEY": true, "SSH_KEY": true, "MY_KEY": true, "my_key": false, "KEY": false, "PUB_KEY": false, "PUBLIC_KEY": false, "myKey": false, "key_access": false, "PIN": true, "pin_code": false,
		"": false, "--": false, "HTTPAuthToken": true, "JWT": true, "jwt_issuer": false, "monkey": false, "author": false,
		strings.Repeat("x", 300) + "_token": true, "token_" + strings.Repeat("x", 300): false,
	} {
		if got := IsName(name); got != want {
			t.Errorf("IsName(%q) = %v", name, got)
		}
	}
}
