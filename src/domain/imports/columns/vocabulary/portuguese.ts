import type { Vocabulary } from './vocabulary.ts'

export const portuguese: Vocabulary = {
  phone:
    'Telefone, Número de telefone, Nº de telefone, Fone, Telefone principal, Telefone de contato, Telefone de contacto, Contato telefônico',
  'phone:mobile':
    'Celular, Telemóvel, Telefone celular, Número de celular, Número de telemóvel, Tel celular, Nº de telemóvel, Telefone móvel, Móvel, Nº celular, Número do celular',
  'phone:other':
    'Telefone fixo, Fixo, Telefone residencial, Telefone comercial, Telefone da empresa, Telefone do trabalho, Telefone de casa, Telefone 2, Outro telefone, Telefone secundário, Telefone profissional, Telefone pessoal, Telefone empresa, Telefone trabalho',
  phone_extension: 'Ramal, Extensão',
  email:
    'Endereço de correio eletrónico, Endereço de correio electrónico, Correio eletrónico, Endereço de e-mail, Correio eletrônico, Correio electrónico, Correio eletrónico, Endereço de email, E-mail principal, Endereço eletrônico, E-mail de contato, E-mail de contacto',
  'email:other':
    'E-mail profissional, E-mail pessoal, E-mail do trabalho, E-mail comercial, E-mail secundário, Outro e-mail, E-mail alternativo, E-mail da empresa',
  first_name: 'Primeiro nome, Nome próprio, Prenome',
  last_name: 'Sobrenome, Apelido, Último nome, Nome de família, Apelidos, Sobrenomes',
  name: 'Nome',
  display_name:
    'Nome completo, Nome do contato, Nome do contacto, Nome do cliente, Nome de exibição, Nome e sobrenome, Nome e apelido, Cliente, Contato, Contacto',
  company:
    'Nome da conta, Empresa relacionada, Empresa, Nome da empresa, Companhia, Organização, Razão social, Nome da organização, Nome empresa, Empregador',
  country_code: 'País, Código do país, País/Região, País de residência, Código de país, País ou região',
  'country_code:other':
    'País de cobrança, País de faturamento, País de faturação, País de entrega, País comercial, País residencial, País de envio',
  timezone: 'Fuso horário, Zona horária',
  language: 'Idioma, Língua, Idioma preferido, Código do idioma, Idioma de preferência, Linguagem',
  lifecycle_stage: 'Estágio do ciclo de vida, Fase do ciclo de vida, Ciclo de vida, Estágio, Etapa do ciclo de vida, Etapa, Fase',
  'lifecycle_stage:other': 'Status do lead, Estado do lead, Status do contato, Status do cliente, Tipo de contato',
  tags: 'Etiquetas, Etiqueta, Marcadores, Marcador, Palavras-chave, Categorias, Categoria, Grupos, Grupo, Listas, Segmentos, Rótulos',
  first_seen:
    'Criado em, Data de criação, Data de cadastro, Adicionado em, Cliente desde, Data de registro, Data de registo, Cadastrado em, Data de inscrição',
  'opt_out:email':
    'Cancelou a assinatura de todos os e-mails, Cancelou a inscrição em todos os e-mails, Não participar de e-mail, Descadastrado, Cancelou a inscrição, Cancelou inscrição, Inscrição cancelada, Descadastrado de e-mails, Não enviar e-mail, Não enviar e-mails, Sem e-mails, Não receber e-mails, Subscrição cancelada, Cancelou a subscrição, Opt-out de e-mail',
  'opt_out:sms': 'Não enviar SMS, Sem SMS, Não receber SMS',
  'opt_out:voice': 'Não ligar, Não telefonar, Sem chamadas, Sem ligações, Não me ligue, Não Perturbe telefone',
  'opt_out:fax': 'Não enviar fax',
  'opt_out:all':
    'Lista negra, Não contatar, Não contactar, Lista negra, Bloqueado, Não perturbe, Sem marketing, Não receber marketing, Oposição, Excluído, Não receber publicidade, Na lista negra',
  'opt_in:email':
    'Aceita marketing por e-mail, Aceita marketing, Inscrito, Inscrito na newsletter, Aceita e-mails, Consentimento e-mail, Consentimento de e-mail, Assinante, Aceita newsletter, Subscrito, Subscreveu a newsletter, Aceita marketing por e-mail',
  'opt_in:sms': 'Aceita SMS, Consentimento SMS, Aceita marketing por SMS',
  'opt_in:voice': 'Aceita ligações, Aceita chamadas',
  'opt_in:all':
    'Consentimento, Aceita marketing, Aceita publicidade, Aceita comunicações, Consentimento LGPD, Consentimento RGPD, LGPD, Aceita contato, Consentimento de marketing',
  'opt_out_time:email': 'Data de cancelamento da inscrição, Descadastrado em, Data de descadastro, Cancelado em',
  'opt_out_time:all': 'Data de oposição, Bloqueado em',
}
