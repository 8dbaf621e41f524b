package secret

import "testing"

// TestAPasswordInAnotherLanguage: what is called so is masked, and no word in which
// such a name is a part.
func TestAPasswordInAnotherLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"Kennwort: Geheim123":           "Geheim123",
		`{"senha":"Segredo77x"}`:        "Segredo77x",
		"SENHA=Segredo77x next":         "Segredo77x",
		"contraseña=Secreto99x":         "Secreto99x",
		"mot de passe: Azerty1234":      "Azerty1234",
		"hasło: Tajne1234":              "Tajne1234",
		"Пароль: Tayna12345":            "Tayna12345",
		"密码: abcdef12345":               "abcdef12345",
		"wachtwoord vergeten":           "",
		"desenha: quadrado":             "",
		"senha: ${SENHA}":               "",
		"contraseña=":                   "",
		"contraseña: ********":          "",
		"el mot de passe est incorrect": "",
	} {
		got := ""
		for _, s := range Find(text, nil) {
			got += s.Value
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
