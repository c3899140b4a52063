import type { Vocabulary } from './vocabulary.ts'

export const polish: Vocabulary = {
  phone: 'Telefon, Numer telefonu, Nr telefonu, Nr tel, Telefon kontaktowy, Telefon główny, Numer kontaktowy, Tel kontaktowy',
  'phone:mobile':
    'Telefon komórkowy, Komórka, Komórkowy, Numer komórki, Tel komórkowy, Nr komórki, Numer telefonu komórkowego, Telefon kom, Tel kom',
  'phone:other':
    'Telefon domowy, Telefon służbowy, Telefon stacjonarny, Stacjonarny, Telefon firmowy, Telefon do pracy, Inny telefon, Telefon 2, Telefon praca, Telefon dom, Telefon biurowy, Dodatkowy telefon',
  phone_extension: 'Numer wewnętrzny, Nr wewnętrzny, Wewnętrzny',
  email:
    'Adres e-mail, Adres email, Poczta elektroniczna, Adres poczty elektronicznej, Poczta, Adres mailowy, E-mail kontaktowy, Mejl, Adres poczty',
  'email:other':
    'E-mail służbowy, E-mail prywatny, E-mail firmowy, Inny e-mail, E-mail dodatkowy, Adres e-mail 2, Adres e-mail służbowy, Dodatkowy e-mail',
  first_name: 'Imię, Imiona, Pierwsze imię',
  last_name: 'Nazwisko, Nazwisko rodowe',
  display_name:
    'Imię i nazwisko, Nazwisko i imię, Pełna nazwa, Nazwa wyświetlana, Pełne imię i nazwisko, Nazwa kontaktu, Imię nazwisko, Osoba kontaktowa, Klient, Kontakt',
  name: 'Nazwa',
  company: 'Firma, Nazwa firmy, Przedsiębiorstwo, Organizacja, Nazwa organizacji, Pracodawca, Spółka, Nazwa przedsiębiorstwa, Instytucja',
  country_code: 'Kraj, Kod kraju, Państwo, Kraj/region, Kraj zamieszkania, Kraj pochodzenia',
  'country_code:other':
    'Kraj do faktury, Kraj dostawy, Kraj służbowy, Kraj rozliczeniowy, Kraj wysyłki, Kraj faktury, Kraj/region służbowy',
  timezone: 'Strefa czasowa',
  language: 'Język, Kod języka, Preferowany język, Język kontaktu, Język komunikacji, Język ojczysty',
  lifecycle_stage: 'Etap cyklu życia, Cykl życia, Etap, Faza cyklu życia, Faza',
  'lifecycle_stage:other': 'Status leada, Status kontaktu, Status klienta, Typ kontaktu',
  tags: 'Tagi, Etykiety, Etykieta, Słowa kluczowe, Kategorie, Kategoria, Grupy, Grupa, Listy, Segmenty, Znaczniki',
  first_seen: 'Utworzono, Data utworzenia, Data dodania, Klient od, Data rejestracji, Dodano, Data zapisu, Utworzony',
  'opt_out:email':
    'Wypisany, Wypisano, Wypisany z newslettera, Rezygnacja z newslettera, Nie wysyłać e-maili, Bez e-maili, Wypisany z e-maili, Wypisany z mailingu, Anulowana subskrypcja, Zrezygnował, Subskrypcja anulowana',
  'opt_out:sms': 'Nie wysyłać SMS, Bez SMS, Wypisany z SMS, Rezygnacja z SMS',
  'opt_out:voice': 'Nie dzwonić, Zakaz dzwonienia, Bez telefonów',
  'opt_out:fax': 'Bez faksów',
  'opt_out:all':
    'Nie kontaktować, Czarna lista, Zablokowany, Sprzeciw, Nie kontaktować się, Brak zgody, Bez marketingu, Sprzeciw wobec marketingu, Na czarnej liście, Zakaz kontaktu, Wykluczony',
  'opt_in:email':
    'Zapisany, Zapisany do newslettera, Zgoda na e-mail, Zgoda e-mail, Zgoda na newsletter, Subskrybuje, Subskrybent newslettera, Zgoda na mailing',
  'opt_in:sms': 'Zgoda na SMS, Zgoda SMS',
  'opt_in:voice': 'Zgoda na telefon, Zgoda na kontakt telefoniczny, Zgoda telefon',
  'opt_in:all': 'Zgoda, Zgoda marketingowa, Zgoda na marketing, Zgoda RODO, RODO, Zgody marketingowe, Zgoda na kontakt',
  'opt_out_time:email': 'Data wypisania, Wypisano dnia, Data rezygnacji',
  'opt_out_time:all': 'Data sprzeciwu, Zablokowano dnia',
}
