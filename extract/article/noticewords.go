package article

import "regexp"

// noticesAbroad are the notices in the languages that the sources of the list are written in, besides those beside the English ones:
// one entry a kind, so that a block is searched only where a word of that kind stands in it.
var noticesAbroad = []notice{
	{
		"the page is not available in this location",
		hints("pays,region,región,regione,paese,país,região,land,kraju,regionie,стране,регионе,країні,地域,地区"),
		regexp.MustCompile(`(?i)(inaccessible|indisponible|pas accessible) (depuis|dans) votre (pays|région)|(non|non è) (è )?(disponibile|accessibile) (nel|dal) (tuo|suo|vostro) paese|(non|non è) (è )?disponibile nella (tua|sua) (regione|area)|(não|nao) (está |estão )?(disponível|disponíveis) (no|em|na) (seu|sua|teu) (país|região)|niet (beschikbaar|toegankelijk) (in|vanuit) (uw|jouw|je) (land|regio)|(niedostępn|nie jest dostępn)\S{0,4} w (twoim|państwa|twojej) (kraju|regionie)|нет доступа в вашей стране|недоступ\S{1,6} в ваш(ей|ем) (стране|регионе)|недоступн\S{1,4} у вашій країні|お住まいの(国|地域)では(ご利用|ご覧)|在(您|你)(所在)?的?(国家|地区).{0,6}(不可用|无法)`),
	},
	{
		"the page is a cookie wall",
		hints("cookie,ciasteczk,privacy,privacidad,privacidade,prywatno,datenschutz,vie privée,konsent,куки,файлы cookie,partner,socios,parceiros"),
		regexp.MustCompile(`(?i)(accepter|refuser|paramétrer) (tous )?(les |nos )?cookies|nous et nos \d* ?partenaires|respect de votre vie privée|alle cookies (akzeptieren|ablehnen|zulassen)|wir und unsere \d* ?partner|(aceptar|rechazar|configurar) (todas )?(las )?cookies|nosotros y nuestros \d* ?socios|(usamos|utilizamos|empleamos) cookies|(accetta|rifiuta|gestisci) (tutti )?(i )?cookie|noi e i nostri \d* ?partner|(utilizziamo|usiamo) (i )?cookie|questo sito (utilizza|usa) (i )?cookie|(aceitar|rejeitar|gerir|recusar) (todos )?(os )?cookies|nós e (os )?nossos \d* ?parceiros|este (site|sítio) (utiliza|usa) cookies|(alle )?cookies (accepteren|weigeren|toestaan)|wij en onze \d* ?partners|(wij|we) (gebruiken|maken gebruik van) (\S+ )?cookies|(zaakceptuj|akceptuj|odrzuć) (wszystkie )?(pliki )?cookie|(używamy|korzystamy z|wykorzystujemy) (plików )?(cookie|ciasteczek)|my i nasi \d* ?partnerzy|мы используем (файлы )?(cookie|куки)`),
	},
	{
		"the page is behind a paywall",
		hints("abonn,abbon,suscr,assin,prenumer,subskry,dostęp,подпис,subskry,有料,会員"),
		regexp.MustCompile(`(?i)(article|contenu|suite) (est )?(réservée?|accessible uniquement) (à nos|à|aux) abonné|abonnez-vous (pour|afin de) (lire|continuer|accéder)|déjà abonné|jetzt abonnieren und weiterlesen|exklusiv für abonnent|(suscríbete|suscríbase|hazte suscriptor) (para|y) (seguir|continuar|leer|sigue)|solo para suscriptores|ya eres suscriptor|(articolo|contenuto) (è )?(riservato|solo per|esclusivo per) (agli |gli )?abbonati|abbonati per (continuare|leggere)|sei già abbonato|(conteúdo|artigo|matéria) (é )?(exclusiv[oa]|restrit[oa]|reservad[oa]) (para|a|aos) assinantes|(assine|assina) (já |agora )?(para|e) (continuar|ler|continue|leia)|já é assinante|(artikel|verhaal) is (alleen|exclusief) voor abonnees|(word abonnee|abonneer je) (en|om) (lees|te lezen|verder)|al abonnee\?|(artykuł|treść|tekst) (jest )?(dostępn\S|tylko|wyłącznie) (tylko |wyłącznie )?dla (prenumeratorów|subskrybentów|abonentów)|(wykup|kup) (prenumeratę|subskrypcję|dostęp)|доступ\S{0,4} только (для|по) подпис|この記事は(有料|会員限定)`),
	},
	{
		botCheck,
		hints("robot,javascript,human,mensch,umano,humano,humain,człowiek,mens bent,человек,робот,navigat,browser,przegląd,momento,moment,instant"),
		regexp.MustCompile(`(?i)(vérifi\S+|confirm\S+) que vous (êtes|n.êtes pas) (un |une )?(humain|être humain|robot)|(veuillez )?activer javascript|(bestätigen|überprüfen|prüfen)( sie)?,? (dass|ob) sie (ein mensch|kein roboter|menschlich)|javascript (ist )?(deaktiviert|aktivieren)|bitte (aktivieren sie )?javascript (aktivieren|einschalten)?|(verific\S+|confirm\S+|comprob\S+) que (usted )?(eres|es|é|você é) (un |um )?(ser )?humano|(habilite|active|activa|ative) (o )?javascript|no eres un robot|(verific\S+|conferm\S+) (di essere|che (sei|tu sia)) (un )?(essere )?(umano|umani)|non sei un robot|(abilita|attiva|abilitare) javascript|você não é um robô|(controleer|bevestig|verifi\S+) (of|dat) (u|je) (een mens|geen robot) (bent|is)|schakel javascript in|(potwierdź|sprawdzamy), (że|czy) (jesteś|nie jesteś) (człowiekiem|robotem)|włącz (obsługę )?javascript|(подтвердите|проверяем), что вы (не робот|человек)|включите javascript|^(un momento|einen moment|un instant|um momento|een ogenblik)( bitte| por favor)?(…|\.{3})$`),
	},
	{
		errorPage,
		hints("trovat,encontrad,gevonden,znalezion,найден,знайден,見つかりません,未找到,不存在,accès,zugriff,acceso,accesso,acesso,toegang,dostęp,existe,esiste,bestaat,istnieje,wartung,mantenimiento,manutenzione,manutenção,maintenance,onderhoud,przerwa,konserwac"),
		regexp.MustCompile(`(?i)pagina (non (è stata )?trovata|niet gevonden)|(pagina|contenuto) (che (cerchi|stai cercando) )?non (esiste|è (più )?disponibile)|página (não (foi )?encontrada|no (fue|ha sido) encontrada)|não (foi possível encontrar|encontramos) (a|esta) página|(la|a) página (que busca|solicitada|que procura) (no|não) existe|(la )?page (demandée|que vous (cherchez|recherchez)) n.(existe|est) (pas|plus)|de (opgevraagde )?pagina (bestaat|is) niet( meer)?|kan de pagina niet vinden|(nie znaleziono|nie odnaleziono) (takiej )?strony|strona nie (istnieje|została znaleziona)|strony nie znaleziono|страница не найдена|сторінку не знайдено|(お探しの)?ページ(が|は)見つかりません|(页面|頁面)(不存在|未找到)|^(accès refusé|accès interdit|zugriff verweigert|acceso denegado|accesso negato|acesso negado|toegang geweigerd|odmowa dostępu|brak dostępu)[.!]?$|wegen wartungsarbeiten (nicht|vorübergehend)|en maintenance|en mantenimiento|in manutenzione|em manutenção|in onderhoud|przerwa (techniczna|konserwacyjna)`),
	},
}
