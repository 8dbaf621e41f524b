package secret

import (
	"strings"
	"testing"
)

// TestPasswordsThatProgramsTell: servers print the password that they draw when they are
// first started, so it is in the output of their container.
func TestPasswordsThatProgramsTell(t *testing.T) {
	const pw = "k3Yl,Hf_8-Q"
	for _, text := range []string{
		"A temporary password is generated for root@localhost: " + pw, "Initial admin password is " + pw + ".", `password for user admin is "simple"`, "The password is: " + pw + "\nnext line",
		"New password for elastic: " + pw, "Changed password for user kibana\nPASSWORD kibana = " + pw, "root password changed to " + pw, `{"log":"your password is '` + pw + `'\n","stream":"stdout"}`,
	} {
		if got := masked(text); !strings.Contains(got, "[masked:password") || strings.Contains(got, pw) || strings.Contains(got, "simple") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{
		"password authentication failed for user: App1Server", "password is required", "password is not set: see /etc/app/Config1.yml", "password expires on: 2026-03-01T10:00:00Z",
		"the password is stored in Vault1-prod, not here", "password check for bob: failed", "password reset mail sent to Bob.Smith1@example.org", "password help is at https://Wiki1.example.org/a",
		"password prompt was shown to the user", "no password is needed",
	} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestPipedPasswords: what is written to a program that asks for one.
func TestPipedPasswords(t *testing.T) {
	const pw = "hunter22"
	for _, text := range []string{
		"echo -n " + pw + " | cryptsetup luksOpen /dev/sdb x -", "echo " + pw + " | su root -c id", `echo -e "` + pw + `\n` + pw + `" | passwd root`, "echo " + pw + " | sudo passwd bob",
		"printf '" + pw + "' | smbpasswd -s -a bob", "echo " + pw + " | vault login -",
	} {
		if got := masked(text); strings.Contains(got, pw) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"echo hunter22 | grep passwd", "echo hunter22 | tee /etc/passwd.new", "echo hunter22; cat /etc/passwd | sudo tee x", "echo hunter22 | sum x", "echo hunter22 | vault login -method=userpass"} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// TestPatchesOfSecrets: a JSON patch (RFC 6902) gives all data at once, or one value.
func TestPatchesOfSecrets(t *testing.T) {
	const about, value = `{"objectRef":{"resource":"secrets","name":"db"},"requestObject":`, "aHVudGVyMjI="
	for _, patch := range []string{
		`[{"op":"add","path":"/data","value":{"plain":"` + value + `"}}]`, `[{"op":"replace","path":"/stringData","value":{"a":"` + value + `","b":"` + value + `"}}]`,
		`[{"op":"replace","path":"/data/plain","value":"` + value + `"}]`,
	} {
		if got := masked(about + patch + "}"); strings.Contains(got, value) || !strings.Contains(got, `"name":"db"`) || !strings.Contains(got, `"op":"`) {
			t.Errorf("%s becomes %s", patch, got)
		}
	}
	other := `{"objectRef":{"resource":"configmaps"},"requestObject":[{"op":"add","path":"/data","value":{"theme":"dark"}},{"op":"replace","path":"/data/db_password","value":"hunter22"}]}`
	if got := masked(other); strings.Contains(got, "hunter22") || !strings.Contains(got, `"theme":"dark"`) {
		t.Errorf("of a ConfigMap: %s", got)
	}
}

// TestMoreNamesAndPrograms: what is told by a name, by the beginning of a token or by the program.
func TestMoreNamesAndPrograms(t *testing.T) {
	const pw = "Sup3rS3cret"
	for _, text := range []string{
		`"azurestorageaccountkey":"` + pw + `"`, "Cookie is JSESSIONID=" + pw, "PHPSESSID=" + pw, "curl -H 'Authorization: ApiKey " + pw + "' h", "sonar-scanner -Dsonar.login=sqp_" + strings.Repeat("0a1b2c3d", 4) + pw,
		"./app --db shop:" + pw + "@tcp(db:3306)/shop", `["shop:` + pw + `@unix(/run/mysqld.sock)/shop"]`,
	} {
		if got := masked(text); strings.Contains(got, pw) {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, line := range []string{"mssql-cli -S db -U sa -P " + pw, "poetry publish -u bob -p " + pw, "wpa_passphrase net " + pw, "samba-tool user create bob " + pw, "az keyvault secret set --name n --value " + pw, "setx API_TOKEN " + pw} {
		for form, text := range asLogged(line) {
			if got := decoded(masked(text)) + masked(text); strings.Contains(got, pw) {
				t.Errorf("%s: %q becomes %q", form, text, got)
			}
		}
	}
	for _, text := range []string{"dial db@tcp(db:3306)/shop", "accountkeys: 3", "az keyvault secret show --name n", "squ_adron"} {
		if got := masked(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
