package article

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// TestStandIns: pages that a server gives instead of an article, in the words of several makers and languages.
func TestStandIns(t *testing.T) {
	for name, c := range map[string]struct{ title, body string }{
		"challenge":      {"Attention Required! | Guard", "<h1>Sorry, you have been blocked</h1><h2>You are unable to access harbour.example</h2><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution.</p><p>Ray ID: 77af • Performance &amp; security by Guard</p>"},
		"human":          {"harbour.example", "<div><h1>Verifying you are human. This may take a few seconds.</h1><p>harbour.example needs to review the security of your connection before proceeding.</p></div>"},
		"press hold":     {"Access to this page has been denied", "<h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1><p>Reference ID 4c1f</p>"},
		"edge denied":    {"Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access \"http://harbour.example/news\" on this server.</p><p>Reference #18.2d3</p>"},
		"shell":          {"Harbour News", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"},
		"shell shown":    {"Harbour News", "<div id=root><p>You need to enable JavaScript to run this app.</p></div>"},
		"login":          {"Log in - Harbour Intelligence", "<form><h1>Log in</h1><label>Email</label><input><label>Password</label><input type=password></form><p>Forgot your password? Not a member yet? Create an account.</p>"},
		"paywall teaser": {"Inside the port attack", "<h1>Inside the port attack</h1><p>The port closed on Monday.</p><div class=gate><p>This content is only available to members.</p><p>Subscribe now to read the full story. Cancel any time.</p></div>"},
		"consent de":     {"Zustimmung", "<h1>Mit Werbung weiterlesen</h1><p>Wir verwenden Cookies und Tracking, um unser Angebot zu finanzieren. Details in der Datenschutzerklärung.</p><button>Akzeptieren</button>"},
		"consent fr":     {"Votre vie privée", "<h1>Le respect de votre vie privée est notre priorité</h1><p>Nous utilisons des cookies pour mesurer l'audience et vous proposer des contenus personnalisés.</p>"},
		"geo es":         {"No disponible", "<p>Este contenido no está disponible en su país por motivos legales.</p>"},
		"geo fr":         {"Contenu indisponible", "<p>Ce contenu n'est pas disponible dans votre pays. Nous vous prions de nous en excuser.</p>"},
		"gone":           {"410 Gone", "<h1>Gone</h1><p>The requested resource is no longer available on this server and there is no forwarding address.</p>"},
		"upkeep":         {"Down for maintenance", "<h1>We’ll be back soon</h1><p>The site is down for maintenance. Please come back in an hour or so.</p>"},
		"parked":         {"harbour-news.example", "<h1>harbour-news.example</h1><p>This domain is for sale. Buy this domain today from its owner.</p>"},
		"rate limited":   {"429 Too Many Requests", "<h1>Too Many Requests</h1><p>You have sent too many requests in a given amount of time.</p>"},
		"consent it":     {"Il porto chiude", "<h1>La tua privacy</h1><p>Questo sito utilizza i cookie. Noi e i nostri 812 partner archiviamo informazioni sul dispositivo.</p><button>Accetta tutti i cookie</button>"},
		"consent pt":     {"O porto fechou", "<p>Utilizamos cookies para melhorar a sua experiência. Pode aceitar todos os cookies ou gerir as suas escolhas.</p>"},
		"consent nl":     {"Haven dicht", "<p>Wij en onze 140 partners gebruiken cookies en vergelijkbare technieken om de site te verbeteren.</p><button>Alle cookies accepteren</button>"},
		"consent pl":     {"Port zamknięty", "<p>Używamy plików cookie, aby mierzyć ruch. My i nasi partnerzy przetwarzamy dane osobowe.</p>"},
		"consent es":     {"El puerto cierra", "<p>Nosotros y nuestros 900 socios almacenamos información. Puedes aceptar todas las cookies o configurarlas.</p>"},
		"paywall fr":     {"Dans les coulisses de l'attaque", "<h1>Dans les coulisses de l'attaque</h1><p>Le port a fermé lundi.</p><p>Abonnez-vous pour lire la suite. Déjà abonné ? Connectez-vous.</p>"},
		"paywall it":     {"Dentro l'attacco al porto", "<h1>Dentro l'attacco al porto</h1><p>Il porto ha chiuso.</p><p>Contenuto riservato agli abbonati. Sei già abbonato? Accedi.</p>"},
		"paywall pt":     {"Por dentro do ataque", "<h1>Por dentro do ataque</h1><p>O porto fechou.</p><p>Conteúdo exclusivo para assinantes. Já é assinante?</p>"},
		"paywall nl":     {"Achter de aanval", "<h1>Achter de aanval</h1><p>De haven sloot.</p><p>Dit artikel is alleen voor abonnees. Word abonnee en lees verder.</p>"},
		"paywall pl":     {"Kulisy ataku", "<h1>Kulisy ataku</h1><p>Port zamknięto.</p><p>Artykuł dostępny tylko dla prenumeratorów. Wykup prenumeratę.</p>"},
		"geo it":         {"Contenuto", "<p>Questo contenuto non è disponibile nel tuo paese.</p>"},
		"geo nl":         {"Inhoud", "<p>Deze inhoud is niet beschikbaar in uw land.</p>"},
		"geo pl":         {"Treść", "<p>Ten materiał jest niedostępny w Twoim kraju ze względów prawnych.</p>"},
		"human it":       {"Un momento...", "<h1>Verifica di essere umano</h1><p>Attiva JavaScript e i cookie per continuare.</p>"},
		"human pt":       {"Um momento…", "<p>Confirme que você é humano para continuar. A verificação demora alguns segundos.</p>"},
		"missing it":     {"Pagina non trovata", "<h1>Pagina non trovata</h1><p>La pagina che stai cercando non esiste o è stata spostata.</p>"},
		"missing pt":     {"Página não encontrada", "<p>Não encontramos a página. Volte ao início ou use a pesquisa do site.</p>"},
		"missing nl":     {"Pagina niet gevonden", "<p>De opgevraagde pagina bestaat niet meer. Ga naar de voorpagina of zoek verder.</p>"},
		"missing pl":     {"Nie znaleziono strony", "<p>Strona nie istnieje albo została przeniesiona. Wróć na stronę główną serwisu.</p>"},
		"missing ru":     {"Страница не найдена", "<p>Страница не найдена. Возможно, она была удалена или перемещена.</p>"},
		"missing ja":     {"エラー", "<p>お探しのページは見つかりませんでした。移動または削除された可能性があります。</p>"},
		"upkeep fr":      {"Maintenance", "<p>Le site est en maintenance. Merci de revenir dans une heure.</p>"},
		"missing de":     {"Seite nicht gefunden", "<h1>Die Seite wurde nicht gefunden</h1><p>Vielleicht wurde sie verschoben. Nutzen Sie die Suche oder gehen Sie zur Startseite.</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Read(page2("<html><head><title>" + c.title + "</title></head><body>" + c.body + "</body></html>"))
			if !errors.Is(err, intel.ErrNotReport) || !strings.Contains(err.Error(), "https://news.example/a") {
				t.Errorf("err = %v, text %q", err, a.Text)
			}
		})
	}
}

// TestShortNoticesStay: what sounds like one of those pages and is a report of its own.
func TestShortNoticesStay(t *testing.T) {
	for name, c := range map[string]struct{ title, body string }{
		"outage":      {"Our portal is down after an attack", "<p>Our customer portal is down after an attack on our supplier. We are working to get it back. Ferries sail as planned.</p>"},
		"retraction":  {"Retraction: report on Pellworth Dairy", "<p>We have withdrawn our report of 3 May on Pellworth Dairy. The dairy was not attacked; the files belong to another firm.</p>"},
		"statement":   {"Statement on the incident of 3 May", "<p>We became aware of unauthorised access to one of our servers on Saturday 3 May. The server was switched off. No ticket data was on it.</p>"},
		"removed":     {"Ashen Ferret takes Hollin & Rye off its list", "<p>The gang has removed the entry of Hollin &amp; Rye from its site. The page of the bakery is no longer available there.</p>"},
		"on cookies":  {"Stealer takes cookies of browsers", "<p>A new stealer copies cookies from browsers and sends them to a server in the north, researchers at Cobble &amp; Key say.</p>"},
		"on captchas": {"Fake checks ask users to run commands", "<p>Pages that pretend to verify that you are human ask their visitors to paste a command. Static Noise counted 900 such pages.</p>"},
		"outage it":   {"Comune di Tarnwick sotto attacco", "<p>Il sito del comune non è raggiungibile da lunedì dopo un attacco. I tecnici lavorano per riportare i servizi in linea.</p>"},
		"cookies pt":  {"Malware rouba cookies de navegadores", "<p>Um novo programa copia cookies dos navegadores e envia os dados a um servidor no norte, dizem os investigadores.</p>"},
		"captcha nl":  {"Valse controle laat slachtoffers code plakken", "<p>Criminelen tonen een valse pagina met de vraag of u geen robot bent. Wie de opdracht plakt, installeert een steler.</p>"},
		"advisory":    {"Alert 7: update Brackwater gateways", "<p>Brackwater gateways before 4.8.2 are attacked. Install the update today and look for gate_sync.aspx on the device.</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Read(page2("<html lang=en><head><title>" + c.title + "</title></head><body><h1>" + c.title + "</h1>" + c.body + "</body></html>"))
			if err != nil || countLetters(a.Text) < 60 || !strings.Contains(a.Title, strings.Fields(c.title)[0]) {
				t.Errorf("err = %v, %q %q", err, a.Title, a.Text)
			}
		})
	}
}

// TestHints: the words that spare a search must never hide a match.
func TestHints(t *testing.T) {
	for _, text := range []string{
		"Not available in your region", "It cannot be accessed in the European Union", "Access from your country is closed", "Not permitted from your country",
		"We value your privacy", "We and our 12 partners", "Manage consent settings", "Store and/or access information on a device", "This article is only for registered readers",
		"Log in to continue", "Sign in and read", "To keep reading, create an account", "You have reached your limit", "Become a member", "Premium content", "Weiterlesen mit Plus",
		"Réservé aux abonnés", "Contenido exclusivo para suscriptores", "Please enable JavaScript", "Checking your browser", "Checking if the site connection is secure",
		"Verifying that you are human", "Are you a robot", "Complete the CAPTCHA", "DDoS protection by Guard", "Just a moment...", "Performance and security by Guard", "Ray ID 7",
		"Buy this domain", "Ce domaine est à vendre", "404", "The page could not be found", "The story does not exist", "The file has been moved", "Bad gateway",
		"Internal server error", "Access denied", "Too many requests", "Seite nicht gefunden", "Page introuvable", "Page non trouvée", "Página no encontrada",
		"The site is offline", "We are working to fix it", "We're working to get it back", "Something went wrong", "An error has occurred", "You don't have permission to access this",
		"Indisponible dans votre pays", "Non è disponibile nel tuo paese", "Não disponível no seu país", "Niet toegankelijk vanuit uw land", "Niedostępny w Twoim kraju",
		"Tous accepter: accepter les cookies", "Alle Cookies ablehnen", "Rechazar todas las cookies", "Accetta i cookie", "Rejeitar cookies", "Cookies weigeren", "Odrzuć wszystkie cookie",
		"Noi e i nostri 12 partner", "Wij en onze partners", "Nosotros y nuestros socios", "Nós e nossos parceiros", "Déjà abonné ?", "Exklusiv für Abonnenten", "Ya eres suscriptor",
		"Abbonati per continuare", "Assine para continuar", "Al abonnee?", "Wykup prenumeratę", "Kup dostęp", "Vérifiez que vous êtes humain", "Bestätigen Sie, dass Sie ein Mensch sind", "Verifica di essere umano",
		"Controleer of u een mens bent", "Potwierdź, że jesteś człowiekiem", "Un instant…", "Einen Moment bitte…", "Pagina niet gevonden", "Strona nie istnieje", "Страница не найдена", "页面不存在", "Accès refusé", "Toegang geweigerd",
		"Le site est en maintenance", "Przerwa techniczna",
		"The story no longer exists", "Service unavailable", "Forbidden", "In Ihrem Land leider nicht verfügbar", "No está disponible en su país",
	} {
		for _, n := range slices.Concat(notices, noticesAbroad) {
			if n.pattern.MatchString(text) && !n.hinted(strings.ToLower(text)) {
				t.Errorf("%q matches %q without a hint", text, n.why)
			}
		}
		if noticeOf(newBlock(text)) == "" {
			t.Errorf("%q is no notice", text)
		}
	}
}
