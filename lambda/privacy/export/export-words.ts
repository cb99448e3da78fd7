import type { Locale } from '../../contracts/values/order-status';

type Words = Readonly<Record<string, string>>;

const japanese: Words = {
  title: 'あなたについて保存されているデータ',
  more: '件数が多いため、次の項目は一部だけを表示しています',
  unavailable: '次の項目は読み込めませんでした。もう一度お試しください',
  none: 'なし',
  profile: 'アカウントとプロフィール',
  orders: '注文',
  returns: '返品',
  payments: '支払い',
  account: '残高',
  exportedAt: '作成日時',
  userId: 'ユーザーID',
  tenantId: 'ショップ',
  email: 'メールアドレス',
  customerEmail: 'メールアドレス',
  displayName: '表示名',
  firstName: '名',
  lastName: '姓',
  phoneNumber: '電話番号',
  address: '住所',
  shippingAddress: 'お届け先',
  preferences: '設定',
  avatar: '画像',
  orderId: '注文番号',
  returnId: '返品番号',
  paymentId: '支払い番号',
  status: '状態',
  paymentStatus: '支払いの状態',
  stockStatus: '在庫の状態',
  items: '商品',
  name: '名前',
  kana: 'フリガナ',
  quantity: '数量',
  unitPrice: '単価',
  lineTotal: '小計',
  subtotal: '小計',
  tax: '消費税',
  total: '合計',
  currency: '通貨',
  paymentMethod: '支払い方法',
  createdAt: '作成日時',
  updatedAt: '更新日時',
  placedAt: '注文日時',
  reason: '理由',
  history: '履歴',
  card: 'カード',
  refunds: '返金',
  balance: '残高',
  street: '番地',
  line2: '建物名',
  city: '市区町村',
  state: '都道府県',
  prefecture: '都道府県',
  postalCode: '郵便番号',
  country: '国',
};

const english: Words = {
  title: 'All that is held on you',
  more: 'There is more than this page shows of',
  unavailable: 'These parts could not be read. Try again',
  none: 'none',
  profile: 'Account and profile',
  userId: 'User ID',
  tenantId: 'Shop',
  account: 'Balance',
};

const words = { ja: japanese, en: english } as const satisfies Record<Locale, Words>;

/** Returns a field's name as words: `unitPrice` as `Unit price`. */
const spelled = (name: string): string => {
  const text = name.replaceAll(
    /([a-z\d])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
};

/** Returns what a field is called in a language. A name without a translation is spelled out. */
export const wordFor = (language: Locale, name: string): string => {
  const known = words[language];
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? spelled(name);
};
