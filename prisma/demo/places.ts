/** Where the crowd lives. `#` in a phone number is any digit; numbers set aside for fiction are used where there are valid ones. */
export interface Place {
  readonly country: string
  readonly language: string
  readonly timezones: readonly string[]
  readonly phones: readonly string[]
  readonly first: readonly string[]
  readonly last: readonly string[]
  readonly companies: readonly string[]
}

export const places: readonly Place[] = [
  {
    country: 'US',
    language: 'en',
    timezones: ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'],
    phones: ['+141555501##', '+121255501##', '+131255501##', '+172055501##'],
    first: ['James', 'Grace', 'Ethan', 'Ava', 'Marcus', 'Naomi', 'Dylan', 'Rosa', 'Caleb', 'Imani'],
    last: ['Walker', 'Nguyen', 'Johnson', 'Rivera', 'Kim', 'Baker', 'Okonkwo', 'Sullivan', 'Reed', 'Flores'],
    companies: ['Northwind Traders', 'Blue Ridge Outdoor', 'Harbor Coffee', 'Lakeside Dental'],
  },
  {
    country: 'GB',
    language: 'en',
    timezones: ['Europe/London'],
    phones: ['+4420794600##', '+4474001234##', '+4416149600##'],
    first: ['Oliver', 'Isla', 'Harry', 'Freya', 'Alfie', 'Priya', 'Callum', 'Niamh'],
    last: ['Hughes', 'Patel', 'Clarke', 'O’Brien', 'Campbell', 'Shah', 'Wright', 'Evans'],
    companies: ['Thames Bicycles', 'Hartley & Daughters', 'Moorland Books'],
  },
  {
    country: 'DE',
    language: 'de',
    timezones: ['Europe/Berlin'],
    phones: ['+493023125###', '+49694000####', '+4917139200##'],
    first: ['Jürgen', 'Leonie', 'Maximilian', 'Annika', 'Björn', 'Katharina', 'Emre', 'Sabine'],
    last: ['Müller', 'Schäfer', 'Weiß', 'Krüger', 'Öztürk', 'Lehmann', 'Vogel', 'Schröder'],
    companies: ['Weißbach Werkzeuge GmbH', 'Kaffeerösterei Nord', 'Isar Optik'],
  },
  {
    country: 'FR',
    language: 'fr',
    timezones: ['Europe/Paris'],
    phones: ['+3319900####', '+3361234####'],
    first: ['Léa', 'Théo', 'Élise', 'François', 'Inès', 'Mathéo', 'Amélie', 'Noé'],
    last: ['Lefèvre', 'Moreau', 'Bézier', 'Garnier', 'Benoît', 'Rousseau', 'Diallo', 'Chevalier'],
    companies: ['Atelier Lumière', 'Boulangerie du Canal', 'Vélo Azur'],
  },
  {
    country: 'ES',
    language: 'es',
    timezones: ['Europe/Madrid', 'Atlantic/Canary'],
    phones: ['+3491012####', '+3460012####'],
    first: ['Lucía', 'Álvaro', 'Martina', 'Íñigo', 'Nuria', 'Hugo', 'Begoña'],
    last: ['García', 'Muñoz', 'Fernández', 'Ibáñez', 'Peña', 'Sánchez', 'Ortega'],
    companies: ['Librería Alborada', 'Azulejos del Sur'],
  },
  {
    country: 'BR',
    language: 'pt',
    timezones: ['America/Sao_Paulo', 'America/Manaus'],
    phones: ['+551196123####', '+552198765####'],
    first: ['João', 'Beatriz', 'Thiago', 'Conceição', 'Rafael', 'Luíza'],
    last: ['Souza', 'Araújo', 'Gonçalves', 'Ribeiro', 'Assunção', 'Carvalho'],
    companies: ['Café da Serra', 'Papelaria São Jorge'],
  },
  {
    country: 'IN',
    language: 'hi',
    timezones: ['Asia/Kolkata'],
    phones: ['+9198765#####', '+9198123#####'],
    first: ['Ananya', 'Arjun', 'Diya', 'Kabir', 'Meera', 'Vikram'],
    last: ['Sharma', 'Iyer', 'Khan', 'Reddy', 'Banerjee', 'Joshi'],
    companies: ['Lotus Textiles', 'Banyan Software'],
  },
  {
    country: 'JP',
    language: 'ja',
    timezones: ['Asia/Tokyo'],
    phones: ['+81901234####', '+81335###2##'],
    first: ['Haruka', 'Ren', 'Sakura', 'Daiki', 'Aoi', 'Kenta'],
    last: ['Satō', 'Suzuki', 'Kobayashi', 'Itō', 'Yamamoto', 'Nakamura'],
    companies: ['Kawa Ceramics', 'Hoshi Stationery'],
  },
  {
    country: 'AU',
    language: 'en',
    timezones: ['Australia/Sydney', 'Australia/Perth'],
    phones: ['+61491570###', '+61255501###'],
    first: ['Lachlan', 'Matilda', 'Jack', 'Zoe', 'Cooper', 'Ruby'],
    last: ['Taylor', 'Nguyen', 'Murphy', 'Kelly', 'Singh', 'Papadopoulos'],
    companies: ['Banksia Nursery', 'Harbour Yoga'],
  },
  {
    country: 'SE',
    language: 'sv',
    timezones: ['Europe/Stockholm'],
    phones: ['+4670174####', '+468465004##'],
    first: ['Åsa', 'Nils', 'Märta', 'Gustav', 'Ebba', 'Sören'],
    last: ['Lindström', 'Åkesson', 'Bergqvist', 'Öberg', 'Nyström', 'Dahl'],
    companies: ['Skog & Sjö', 'Fjällräven Café'],
  },
]
